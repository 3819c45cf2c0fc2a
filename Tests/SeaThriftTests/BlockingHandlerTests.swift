import Glibc
import SeaThrift
import SeaThriftSockets
import Testing

@Suite("Handlers that block, on the kernel's sockets")
struct BlockingHandlerTests {
  /// Blocks its thread in a call of "block" until a call of "release" comes.
  private struct BlockingHandler: Echo.Handler {
    let ends: (read: Int32, write: Int32)

    init() throws {
      var descriptors: [Int32] = [0, 0]
      try #require(pipe(&descriptors) == 0)
      ends = (descriptors[0], descriptors[1])
    }

    func echo(text: String) async throws -> String {
      var byte: UInt8 = 1
      if text == "release" { _ = write(ends.write, &byte, 1) }
      if text == "block" { _ = read(ends.read, &byte, 1) }
      return text
    }

    func close() {
      Glibc.close(ends.read)
      Glibc.close(ends.write)
    }

    func send(parcel: Parcel) async throws -> Parcel { parcel }
    func nothing() async throws {}
    func notice(text: String) async throws {}
    func once(text: String) async throws -> String { text }
  }

  @Test(
    "on an executor of their own they do not hold up the loop that serves everybody", .timeLimit(.minutes(20)),
    arguments: [false, true])
  func ownExecutor(isLimited: Bool) async throws {
    let handler = try BlockingHandler()
    defer { handler.close() }
    var serving = ServerConfiguration()
    if isLimited { serving.policy.limits.bulkhead = Bulkhead(2) }
    try await withThriftServer(
      on: .tcp("127.0.0.1", 0), configuration: serving, network: try Network(loopCount: 1)
    ) {
      Echo.service(handler).handlers(on: globalConcurrentExecutor)
    } body: { address in
      let endpoint = try Endpoint(address, configuration: .patient)
      let client = Echo.Client(endpoint)
      // On the loop, the first call would keep the second one from ever being read.
      async let blocked = client.echo(text: "block")
      #expect(try await client.echo(text: "release") == "release")
      #expect(try await blocked == "block")
      await endpoint.close()
    }
  }
}
