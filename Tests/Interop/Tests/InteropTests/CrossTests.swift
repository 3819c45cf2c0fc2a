import Foundation
import Testing

/// The programs of Apache's cross-language test, with each other. Elsewhere they meet those of other languages.
@Suite("The programs of the cross-language test", .serialized, .timeLimit(.minutes(10)))
struct CrossTests {
  /// How both programs are told to talk.
  struct Flags: Sendable, CustomTestStringConvertible {
    let testDescription: String

    static let all: [Self] = ["binary", "compact", "json", "header", "multi", "multic", "multij", "multih"]
      .flatMap { form in
        ["buffered", "framed", "http"].map { Self(testDescription: "--protocol=\(form) --transport \($0)") }
      }

    var words: [String] { testDescription.split(separator: " ").map(String.init) }
  }

  /// Where the executables of this package are.
  private static let programs: URL = {
    let test = URL(filePath: CommandLine.arguments[0])
    return test.deletingLastPathComponent()
  }()

  private func command(_ name: String, _ words: [String]) -> [String] {
    [Self.programs.appending(path: name).path] + words
  }

  /// Runs the server while `body` runs; a signal ends it, and it says that all is well.
  private func withServer(_ words: [String], at places: Int, _ body: () async throws -> Void) async throws {
    let server = try ChildProcess(command("CrossTestServer", words))
    defer { server.kill() }
    try await deadline(.seconds(30), "the server to listen") {
      var output = ""
      for await piece in server.output {
        output += String(decoding: piece, as: UTF8.self)
        if output.components(separatedBy: "listening at ").count > places { return }
      }
      throw PeerFailure("the server does not listen: \(output)")
    }
    try await body()
    server.terminate()
    let status = try await deadline(.seconds(10), "the server to end") {
      for await status in server.status { return status }
      throw CancellationError()
    }
    #expect(status == 0)
  }

  private func runClient(_ words: [String]) async throws {
    let (status, output) = try await PeerProcess.run(command("CrossTestClient", words), within: .seconds(60))
    #expect(status == 0, "\(output)")
    #expect(output.contains("everything was right"))
  }

  @Test("understand each other, over domain sockets of both kinds", arguments: Flags.all)
  func domainSockets(flags: Flags) async throws {
    let name = FileManager.default.temporaryDirectory.appending(path: "cross-\(UUID().uuidString.prefix(8))").path
    for place in [["--domain-socket=\(name)"], ["--domain-socket", name, "--abstract-namespace"]] {
      try await withServer(flags.words + place, at: 1) { try await runClient(flags.words + place) }
    }
  }

  @Test("understand each other over TCP, by several threads and several times")
  func tcp() async throws {
    let port = try freePort()
    for flags in [["--protocol=multic", "--transport=framed"], ["--protocol", "header"], ["--transport=http"]] {
      let words = flags + ["--port", "\(port)"]
      try await withServer(words + ["--server-type=nonblocking", "-n", "4"], at: 1) {
        for host in ["localhost", "127.0.0.1"] { try await runClient(words + ["--host=\(host)"]) }
        try await runClient(words + ["-n", "2", "-t", "3"])
      }
    }
  }

  @Test(
    "end with status 64 when they cannot do what they are told",
    arguments: ["--ssl", "--zlib", "--transport=zlib", "--what", "--protocol=none", "--port", "--port=x", "word"])
  func refusals(flag: String) async throws {
    for program in ["CrossTestServer", "CrossTestClient"] {
      let (status, output) = try await PeerProcess.run(command(program, [flag]), within: .seconds(10))
      #expect(status == 64, "\(program): \(output)")
    }
  }

  @Test("a client without a server ends with status 64 and all that it could not do")
  func noServer() async throws {
    let (status, _) = try await PeerProcess.run(
      command("CrossTestClient", ["--port=\(try freePort())"]), within: .seconds(30))
    #expect(status == 64 | 1 | 2 | 4 | 8)
  }

  @Test("vectors go through the transcoder, and what is wrong is an error with a reason")
  func transcoder() async throws {
    let child = try ChildProcess(command("Transcoder", []))
    defer { child.kill() }
    let lines = [
      "OneI32 binary compact 08000100000007 00", "OneI32 binary compact 0800010000000700", "Nobody binary json -",
      "OneI32 binary binary -", "Empty compact json 00",
    ]
    child.write(lines.joined(separator: "\n") + "\n")
    child.closeInput()
    let output = try await deadline(.seconds(20), "the transcoder to end") {
      var output: [UInt8] = []
      for await piece in child.output { output += piece }
      return String(decoding: output, as: UTF8.self)
    }
    let answers = output.split(separator: "\n").map(String.init)
    #expect(answers.count == lines.count)
    #expect(answers[0].hasPrefix("error ") && answers[2].hasPrefix("error ") && answers[3].hasPrefix("error "))
    #expect(answers[1] == "ok 150e00" && answers[4] == "ok 7b7d")
  }

  /// A port that was free a moment ago.
  private func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port: UInt16? = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0 ? 0 : nil
      }
    }.map { _ in UInt16(bigEndian: address.sin_port) }
    return Int(try #require(port))
  }
}
