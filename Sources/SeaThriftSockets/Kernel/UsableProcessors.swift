import CSeaThriftSystem
import Glibc

/// How many processors this process may use, which in a container are fewer than the machine has.
package enum UsableProcessors {
  /// At least 1: the smallest of the machine's, those of the process's affinity, and the quota of its control group,
  /// rounded up.
  package static let count: Int = {
    var count = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    let usable = Int(seathrift_usable_processors())
    if usable > 0 { count = min(count, usable) }
    if let quota = quota(read: contents) { count = min(count, max(1, Int(quota.rounded(.up)))) }
    return count
  }()

  /// The processors that the process's control group grants, as a number such as 1.5; nil for no limit. Of a hierarchy the
  /// smallest counts.
  ///
  /// - Parameter read: The contents of a file; nil when there is none.
  package static func quota(read: (String) -> String?) -> Double? {
    guard let groups = read("/proc/self/cgroup") else { return nil }
    var smallest: Double?
    for line in groups.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let found =
        if parts[1].isEmpty {
          unifiedQuota(String(parts[2]), read)
        } else if parts[1].split(separator: ",").contains("cpu") {
          legacyQuota(String(parts[2]), read)
        } else {
          Double?.none
        }
      if let found { smallest = min(smallest ?? found, found) }
    }
    return smallest
  }

  /// Version 2: `cpu.max` holds quota and period, in microseconds, or `max`.
  private static func unifiedQuota(_ path: String, _ read: (String) -> String?) -> Double? {
    folders(path).compactMap { folder -> Double? in
      guard let text = read("/sys/fs/cgroup\(folder)/cpu.max") else { return nil }
      let words = text.split(whereSeparator: \.isWhitespace)
      return words.count == 2 ? ratio(words[0], words[1]) : nil
    }.min()
  }

  /// Version 1: two files, and a quota of -1 for none.
  private static func legacyQuota(_ path: String, _ read: (String) -> String?) -> Double? {
    folders(path).compactMap { folder -> Double? in
      guard let quota = read("/sys/fs/cgroup/cpu\(folder)/cpu.cfs_quota_us"),
        let period = read("/sys/fs/cgroup/cpu\(folder)/cpu.cfs_period_us")
      else { return nil }
      return ratio(quota.prefix { !$0.isWhitespace }, period.prefix { !$0.isWhitespace })
    }.min()
  }

  private static func ratio(_ quota: Substring, _ period: Substring) -> Double? {
    guard let quota = Double(quota), let period = Double(period), quota > 0, period > 0 else { return nil }
    return quota / period
  }

  /// A group and those around it: `/a/b`, `/a` and the root. A container sees its own group as the root.
  private static func folders(_ path: String) -> [String] {
    var folders: [String] = [""]
    var folder = ""
    for part in path.split(separator: "/") where part != ".." {
      folder += "/\(part)"
      folders.append(folder)
    }
    return folders
  }

  private static func contents(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
