import SeaThrift
import SeaThriftSockets
import Testing

@Suite("Interceptors and handlers that leave the loop")
struct LoopLeavingTests {
  /// Goes on elsewhere, and calls what is inside from there.
  private struct Leaving: ServerInterceptor {
    nonisolated(nonsending) func intercept<Value>(
      _ call: ServedCall, next: () async throws -> Value
    ) async throws -> Value {
      try await withTaskExecutorPreference(globalConcurrentExecutor) {
        await Task.yield()
        let value = try await next()
        await Task.yield()
        return value
      }
    }
  }

  /// Says whether it runs on the loop, and returns elsewhere.
  private struct Handler: Other.Handler {
    let loop: EventLoop

    func echo(text: String) async throws -> String {
      let isOnLoop = loop.isCurrent
      if text == "leave" {
        return await withTaskExecutorPreference(globalConcurrentExecutor) {
          await Task.yield()
          return "\(isOnLoop)"
        }
      }
      return "\(isOnLoop)"
    }
  }

  @Test(
    "come back to it for the handler and for the reply", .timeLimit(.minutes(2)),
    arguments: [true, false], ["stay", "leave"])
  func returns(isIntercepted: Bool, text: String) async throws {
    let network = try Network(loopCount: 1)
    var configuration = ServerConfiguration()
    if isIntercepted { configuration.interceptors = [Leaving()] }
    try await withThriftServer(on: .tcp("127.0.0.1", 0), configuration: configuration, network: network) {
      Other.service(Handler(loop: network.loops[0]))
    } body: { address in
      let endpoint = try Endpoint(address, configuration: .patient)
      try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<8 {
          group.addTask {
            var answer = "true"
            for _ in 0..<20 where answer == "true" { answer = try await Other.Client(endpoint).echo(text: text) }
            return answer
          }
        }
        for try await answer in group { #expect(answer == "true") }
      }
      await endpoint.close()
    }
    network.shutDown()
  }
}
