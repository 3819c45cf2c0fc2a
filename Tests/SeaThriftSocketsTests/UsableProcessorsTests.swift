import SeaThriftSockets
import Testing

@Suite("The processors that a process may use")
struct UsableProcessorsTests {
  @Test("are at least one, and no more than there are")
  func count() { #expect((1...4_096).contains(UsableProcessors.count)) }

  @Test(
    "are limited by the quota of the control group and those around it",
    arguments: [
      (["/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/cpu.max": "150000 100000\n"], 1.5),
      (
        [
          "/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/cpu.max": "50000 100000\n",
          "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
        ], 0.5
      ),
      (["/proc/self/cgroup": "0::/../x\n", "/sys/fs/cgroup/cpu.max": "200000 100000\n"], 2),
      (
        [
          "/proc/self/cgroup": "5:memory:/c\n4:cpu,cpuacct:/c\n", "/sys/fs/cgroup/cpu/c/cpu.cfs_quota_us": "300000\n",
          "/sys/fs/cgroup/cpu/c/cpu.cfs_period_us": "100000\n",
        ], 3
      ),
      (
        [
          "/proc/self/cgroup": "4:cpu:/c\n", "/sys/fs/cgroup/cpu/c/cpu.cfs_quota_us": "-1\n",
          "/sys/fs/cgroup/cpu/c/cpu.cfs_period_us": "100000\n",
        ], nil
      ), (["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "nonsense\n"], nil), (["x": ""], nil),
    ] as [([String: String], Double?)])
  func quota(files: [String: String], quota: Double?) {
    #expect(UsableProcessors.quota { files[$0] } == quota)
  }
}
