import Foundation
import SeaThriftTesting
import Testing

@Suite("The same seed gives the same run")
struct DeterminismTests {
  @Test("twice in one process")
  func sameProcess() async throws {
    for seed in UInt64(1)...5 {
      let first = try await run(seed)
      let second = try await run(seed)
      #expect(first == second)
      #expect(first.trace.count == 100)
    }
  }

  @Test("another seed gives another run")
  func otherSeed() async throws {
    #expect(try await run(1).hash != run(2).hash)
  }

  @Test("in two processes, event for event")
  func twoProcesses() throws {
    let first = try traceOfAnotherProcess(seed: 11)
    let second = try traceOfAnotherProcess(seed: 11)
    #expect(first.count > 1000)
    #expect(first == second, "\(zip(first, second).first { $0 != $1 }.map { "\($0)" } ?? "one is longer")")
  }

  private struct Run: Equatable, Sendable {
    let hash: UInt64
    let trace: [String]
  }

  private func run(_ seed: UInt64) async throws -> Run {
    try await simulate(seed: seed) { world in
      world.setDefaultLink(LinkProfile(latency: .logNormal(median: .milliseconds(1), sigma: 0.5)))
      let addresses = (1...3).map { EndpointAddress.tcp("server\($0)", 9090) }
      for index in 1...3 {
        world.server("server\(index)") { a, b in
          try await world.sleep(for: .milliseconds(a % 7))
          return a + b
        }
      }
      world.schedule(at: .seconds(1)) { world.host("server1").crash() }
      world.schedule(at: .seconds(2)) { world.isolate(world.host("server2")) }
      world.schedule(at: .seconds(3)) { world.heal() }
      world.schedule(at: .seconds(4)) { world.host("server1").restart() }
      for index in 1...3 {
        world.host("client\(index)").start {
          try await withServiceGroup("sums", at: .list(addresses)) { group in
            for number in 0..<50 {
              _ = try? await group.add(Int32(number), Int32(index))
              try await world.sleep(for: .milliseconds(100))
            }
          }
        }
      }
      try await world.sleep(for: .seconds(30))
      return Run(hash: world.traceHash, trace: world.trace)
    }
  }

  /// Runs the executable `SeaThriftStorm`, which is built next to the tests.
  private func traceOfAnotherProcess(seed: UInt64) throws -> [Substring] {
    let directory = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let process = Process()
    process.executableURL = directory.appendingPathComponent("SeaThriftStorm")
    process.arguments = ["trace", "\(seed)"]
    process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "SWIFT_DETERMINISTIC_HASHING" }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self).split(separator: "\n")
  }
}
