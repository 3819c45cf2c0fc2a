import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import SeaThriftTime
import Testing

@Suite("What a handler knows of its call")
struct CallContextTests {
  /// Leaves a task behind that looks at its call's context later, and sets a header of a reply that was sent long ago.
  private struct LingeringHandler: Echo.Handler {
    let seen: Seen
    let world: World

    func echo(text: String) async throws -> String {
      let context = try #require(CallContext.current)
      try context.setReplyHeader("from", text)
      if text == "leaves" {
        Task(executorPreference: Network.current.loops[0]) {
          try? await world.sleep(for: .seconds(5))
          let late = CallContext.current
          seen.note("late \(late?.requestHeaders["caller"] ?? "nothing")")
          do { try late?.setReplyHeader("from", "the past") } catch { seen.note("refused") }
          seen.note("later \(context.requestHeaders["caller"] ?? "nothing")")
        }
      }
      if text == "next" { try await world.sleep(for: .seconds(10)) }
      return text
    }

    func send(parcel: Parcel) async throws -> Parcel { parcel }
    func nothing() async throws {}
    func notice(text: String) async throws {}
    func once(text: String) async throws -> String { text }
  }

  @Test("is that call's for good, in what it leaves behind too", arguments: [Framing.header, .http])
  func leftBehind(framing: Framing) async throws {
    try await simulate(seed: 1) { world in
      let seen = Seen()
      world.host("server").start {
        try await ThriftServer(on: .tcp("0.0.0.0", 9090)) {
          Echo.service(LingeringHandler(seen: seen, world: world))
        }.run()
      }
      try await world.sleep(for: .seconds(1))
      try await withClient(
        world,
        {
          $0.framing = framing
          $0.policy.perEndpoint.timeouts.read = .seconds(60)
        }
      ) { endpoint in
        let client = Echo.Client(endpoint)
        for text in ["leaves", "next"] {
          let (answer, headers) = try await withReplyHeaders {
            try await withRequestHeaders(["caller": text]) { try await client.echo(text: text) }
          }
          #expect(answer == text)
          #expect(headers["from"] == text)
        }
        try await world.sleep(for: .seconds(10))
      }
      #expect(seen.all.first == "late leaves" && seen.all.last == "later leaves", "\(seen.all)")
    }
  }
}
