/// Runs the programs of a peer, none of them for longer than it may.
enum PeerProcess {
  /// Runs a program to its end.
  ///
  /// - Throws: when it takes longer than `limit`; it is killed then.
  static func run(_ command: [String], within limit: Duration) async throws -> (status: Int32, output: String) {
    let child = try ChildProcess(command)
    defer { child.kill() }
    child.closeInput()
    return try await deadline(limit, "the end of \(command)") {
      var output: [UInt8] = []
      for await piece in child.output { output += piece }
      for await status in child.status { return (status, String(decoding: output, as: UTF8.self)) }
      throw CancellationError()
    }
  }

  /// Runs a server while `body` runs, which gets what the server's first line says after `listening`.
  ///
  /// Afterwards the server's input is closed, which ends a peer; one that does not end is killed.
  static func withServer<Value>(_ command: [String], body: (String) async throws -> Value) async throws -> Value {
    let child = try ChildProcess(command)
    defer { child.kill() }
    let place = try await deadline(.seconds(30), "\(command) to listen") { try await placeOfListening(child) }
    let value = try await body(place)
    child.closeInput()
    try await deadline(.seconds(10), "\(command) to end with its input") { for await _ in child.status {} }
    return value
  }

  private static func placeOfListening(_ child: ChildProcess) async throws -> String {
    var output: [UInt8] = []
    for await piece in child.output {
      output += piece
      guard let end = output.firstIndex(of: UInt8(ascii: "\n")) else { continue }
      let line = String(decoding: output[..<end], as: UTF8.self)
      guard line.hasPrefix("listening ") else { break }
      return String(line.dropFirst("listening ".count))
    }
    throw PeerFailure("the server does not listen: \(String(decoding: output, as: UTF8.self))")
  }
}

/// Cancels `body` when it takes too long.
func deadline<Value: Sendable>(
  _ limit: Duration, _ what: String, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value.self) { group in
    group.addTask { try await body() }
    group.addTask {
      try await Task.sleep(for: limit)
      throw PeerFailure("waited \(limit) for \(what)")
    }
    defer { group.cancelAll() }
    guard let value = try await group.next() else { throw CancellationError() }
    return value
  }
}
