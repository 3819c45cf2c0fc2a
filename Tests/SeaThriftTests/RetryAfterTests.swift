import SeaThrift
import SeaThriftTesting
import SeaThriftTime
import Testing

/// Throws on its first call.
private final class AdvisedHandler: Advised.Handler {
  private let state = Lock([Int64]())
  var calls: [Int64] { state.withLock { $0 } }

  func get(wait: Int64) async throws -> Int32 {
    let isFirst = state.withLock { calls in
      calls.append(wait)
      return calls.count == 1
    }
    if isFirst { throw Busy(wait: wait) }
    return 1
  }
}

@Suite("Exceptions that say when to come back")
struct RetryAfterTests {
  /// How a call ends whose first attempt throws, and how long it takes.
  private func call(_ wait: Int64) async throws -> (result: String, took: Duration, attempts: Int) {
    let handler = AdvisedHandler()
    let end = Lock(("", Duration.zero))
    try await simulate(seed: 1) { world in
      world.host("server").start {
        try await ThriftServer(on: .tcp("0.0.0.0", 9090)) { Advised.service(handler) }.run()
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("advised", at: [.tcp("server", 9090)]) {
          Deadline(.seconds(60))
        } body: { (group) async throws -> Void in
          let start = world.now
          var result = ""
          do { result = "\(try await Advised.Client(group).get(wait: wait))" } catch let error as Busy {
            result = "busy \(error.wait)"
          } catch let error as RPCError {
            result = "\(error.code)"
          }
          let took = world.now - start
          end.withLock { [result] in $0 = (result, took) }
        }
      }
    }
    let (result, took) = end.withLock { $0 }
    return (result, took, handler.calls.count)
  }

  @Test("a call waits as long as its field says, over a framing without headers too")
  func waits() async throws {
    let end = try await call(1_500)
    #expect(end.result == "1" && end.attempts == 2)
    #expect(end.took > .milliseconds(1_500) && end.took < .milliseconds(1_503))
  }

  @Test("a negative, a huge and an endless wait end the call at once", arguments: [-1, .min, 10_001, .max])
  func ends(wait: Int64) async throws {
    let end = try await call(wait)
    #expect(end.result == "busy \(wait)" && end.attempts == 1)
    #expect(end.took < .milliseconds(3))
  }

  @Test("the generated exceptions give the advice that the field holds")
  func generated() {
    #expect(Busy(wait: 20).retryAdvice == .after(.milliseconds(20)))
    #expect(Busy(wait: 0).retryAdvice == .after(.zero))
    #expect(Busy.traits.isRetryable && !((Later() as any Error) is any ClassifiedException))
    #expect(Later(retryAdvice_: nil).retryAdvice == nil)
    #expect(Later(retryAdvice_: 1.5).retryAdvice == .after(.milliseconds(1_500)))
    #expect(Later(retryAdvice_: .nan).retryAdvice == .never)
    #expect(Later(retryAdvice_: -.infinity).retryAdvice == .never)
    #expect(Later(retryAdvice_: .infinity).retryAdvice == .after(.seconds(366 * 86_400)))
  }
}
