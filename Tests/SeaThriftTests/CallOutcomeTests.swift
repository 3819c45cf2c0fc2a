import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import SeaThriftTime
import SeaThriftWire
import Testing

@Suite("How a server's calls end, as its observers are told")
struct CallOutcomeTests {
  private final class Endings: ServerObserver {
    let seen = Seen()
    private let running = Lock(0)

    var runningCalls: Int { running.withLock { $0 } }

    func callStarted(_ method: String, peer: EndpointAddress) { running.withLock { $0 += 1 } }
    func callEnded(_ method: String, peer: EndpointAddress, duration: Duration, outcome: ServerCallOutcome) {
      running.withLock { $0 -= 1 }
      seen.note("\(method) \(outcome.kind)\(outcome.error == nil ? "" : " with an error")")
    }
  }

  private struct Refusing: ServerInterceptor {
    nonisolated(nonsending) func intercept<Value>(
      _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
    ) async throws -> Value {
      throw CallRefusal("not today")
    }
  }

  /// What two observers are told of calls of a server.
  private func endings(
    isIntercepted: Bool, _ body: @escaping @Sendable (ByteStream) async throws -> Void
  ) async throws -> [String] {
    let (first, second) = (Endings(), Endings())
    try await simulate(seed: 1) { world in
      var configuration = ServerConfiguration()
      configuration.observers = [first, second]
      configuration.log = nil
      configuration.interceptors = [Refusing().on(Echo.once)]
      if isIntercepted { configuration.interceptors.append(Passing()) }
      try await startServer(world, EchoHandler(world: world), configuration: configuration)
      try await world.withStream(body)
      try await world.sleep(for: .seconds(1))
    }
    #expect(first.seen.all == second.seen.all)
    #expect(first.runningCalls == 0)
    return first.seen.all
  }

  private struct Passing: ServerInterceptor {
    nonisolated(nonsending) func intercept<Value>(
      _ call: ServedCall, next: nonisolated(nonsending) () async throws -> Value
    ) async throws -> Value {
      try await next()
    }
  }

  @Test("in a word and with the error, whether anything is around them or not", arguments: [true, false])
  func kinds(isIntercepted: Bool) async throws {
    let seen = try await endings(isIntercepted: isIntercepted) { stream in
      let calls: [(String, MessageType, String)] = [
        ("echo", .call, "x"), ("notice", .oneway, "n"), ("notice", .oneway, "fail"), ("echo", .call, "fail"),
        ("echo", .call, "refuse"), ("once", .call, "x"), ("nobody", .call, "x"), ("echo", .reply, "x"),
        ("nothing", .call, "x"),
      ]
      for (name, type, text) in calls {
        try await stream.writeAll(frame(message(name, type, 1, body(1, text))))
        if type != .oneway { _ = try await stream.readFrame() }
      }
      let parcel = [12, 0, 1, 8, 0, 1, 0, 0, 0, 1, 11, 0, 2] + frame(Array("throw".utf8)) + [0, 0]
      try await stream.writeAll(frame(message("send", .call, 2, parcel)))
      _ = try await stream.readFrame()
      // Arguments that end in the middle.
      try await stream.writeAll(frame(message("echo", .call, 2, [11, 0, 1, 0, 0])))
      _ = try await stream.readFrame()
    }
    #expect(
      seen == [
        "echo result", "notice onewayDone", "notice handlerFailed with an error", "echo handlerFailed with an error",
        "echo applicationException with an error", "once refused with an error", " unknownMethod with an error",
        " invalidMessageType with an error", "nothing result", "send declaredException with an error",
        "echo unreadableArguments with an error",
      ])
  }

  @Test("cancelled, when the client leaves")
  func cancelled() async throws {
    let seen = try await endings(isIntercepted: false) { stream in
      try await stream.writeAll(frame(message("echo", .call, 1, body(1, "stuck"))))
    }
    #expect(seen == ["echo cancelled with an error"])
  }
}
