import Foundation
import SeaThriftSockets
import SeaThriftWire
import Testing

/// The crowd program, started by a shell that gives it few descriptors.
private final class LimitedProcess {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  init(descriptors: Int, _ arguments: String...) throws {
    let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "SeaThriftCrowd")
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "ulimit -n \(descriptors); exec \"$0\" \"$@\"", program.path] + arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  /// The next line that it prints.
  func line() throws -> String {
    var bytes: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 { bytes.append(byte) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Ends its standard input, and waits for it. Its status; negative when a signal has ended it.
  func end() throws -> Int32 {
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }
}

@Suite("A process that may have few descriptors", .timeLimit(.minutes(5)))
struct DescriptorLimitTests {
  @Test("serves on while more clients than it has descriptors do nothing")
  func server() async throws {
    let server = try LimitedProcess(descriptors: 100, "serve")
    let port = try #require(UInt16(try server.line()))
    let network = try Network(loopCount: 1)
    let loop = network.loops[0]
    let answer = try await loop.run {
      var idle: [ByteStream] = []
      defer { for stream in idle { stream.close() } }
      for _ in 0..<200 {
        // The backlog is longer than that: all are connected, whether they were accepted or not.
        idle.append(try await loop.connect(to: SocketAddress(.ipv4(0x7F00_0001, port: port))))
      }
      let stream = try await loop.connect(to: SocketAddress(.ipv4(0x7F00_0001, port: port)))
      defer { stream.close() }
      try await stream.writeFrame(message("wait", .call, 1, [0]))
      return try await stream.readFrame()
    }
    #expect(answer == message("wait", .reply, 1, [8, 0, 0, 0, 0, 0, 1, 0]))
    #expect(try server.end() == 0)
    network.shutDown()
  }

  @Test("calls on with the connections that it can have, and says of the others that it is its own fault")
  func client() throws {
    let server = try LimitedProcess(descriptors: 1_000, "serve")
    let port = try server.line()
    let client = try LimitedProcess(descriptors: 64, "call", port, "200")
    let outcomes = try client.line().split(separator: " ").reduce(into: [String: Int]()) { counts, outcome in
      let parts = outcome.split(separator: "=")
      counts[String(parts[0])] = Int(parts[1])
    }
    #expect(try client.end() == 0)
    #expect(try server.end() == 0)
    #expect(outcomes["ok", default: 0] >= 20, "\(outcomes)")
    #expect(Set(outcomes.keys).isSubset(of: ["ok", "outOfResources", "resourceExhausted"]), "\(outcomes)")
  }
}
