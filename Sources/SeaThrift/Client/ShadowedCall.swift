import Resilience
import SeaThriftSockets
import SeaThriftTime

/// The policies that only watch, as a listener of ``CallWatch``: what they know of one call.
final class ShadowedCall {
  private let shadow: SharedShadow
  private var state: ShadowStateMachine.Call

  init(_ shadow: SharedShadow, _ call: ClientCall, at now: Instant) {
    self.shadow = shadow
    let idempotency = call.method.idempotency.forRetry
    let key = shadow.needsKeys && idempotency == .idempotent ? call.identity : nil
    state = shadow.withMachine { $0.began(idempotency, key: key, at: now) }
  }

  var watchesPool: Bool { shadow.watchesPool }
  var watchesBalance: Bool { shadow.watchesBalance }
  /// Whether the size of the result has to be known.
  var wantsSize: Bool { shadow.needsKeys }

  func takeEvents() -> [ShadowEvent] { shadow.withMachine { $0.takeEvents() } }

  func ended(_ verdict: Verdict, bytes: Int, isReplaceable: Bool, at now: Instant) {
    let state = state
    shadow.withMachine { $0.ended(state, verdict, bytes: bytes, isReplaceable: isReplaceable, at: now) }
  }

  // MARK: Attempts

  func attemptBegan(at endpoint: EndpointAddress, _ now: Instant) -> ShadowStateMachine.Attempt {
    shadow.withMachine { $0.attemptBegan(at: "\(endpoint)", at: now) }
  }

  func attemptEnded(
    _ attempt: ShadowStateMachine.Attempt, _ verdict: Verdict, _ failure: RetryStateMachine.Failure?, on loop: EventLoop
  ) {
    var generator = LoopGenerator(loop: loop)
    let now = loop.now
    shadow.withMachine {
      $0.attemptEnded(attempt, of: &state, verdict, failure, at: now, using: &generator)
    }
  }

  func stepEnded(_ step: ShadowStateMachine.Step, after duration: Duration) {
    shadow.withMachine { $0.stepEnded(step, after: duration) }
  }

  func connectionWanted(at endpoint: EndpointAddress, on loop: EventLoop) -> ShadowStateMachine.Lease? {
    var generator = LoopGenerator(loop: loop)
    let now = loop.now
    return shadow.withMachine { $0.connectionWanted(at: "\(endpoint)", at: now, using: &generator) }
  }

  func connectionDone(_ lease: ShadowStateMachine.Lease, isReusable: Bool, on loop: EventLoop) {
    var generator = LoopGenerator(loop: loop)
    let now = loop.now
    shadow.withMachine { $0.connectionDone(lease, isReusable: isReusable, at: now, using: &generator) }
  }

  // MARK: Balance

  /// How far a sequence of endpoints that may be endless is looked at.
  private static let farthest = 1_000

  /// Tells a balance that only watches of the endpoints that the call may go to: reads on in its sequence, and puts back
  /// what it has read.
  func willChoose(among candidates: inout AnyIterator<EndpointEntry>?, at now: Instant) {
    guard let rest = candidates, state.isUntried else { return }
    let ahead = Array(rest.prefix(Self.farthest))
    var unread = ahead.makeIterator()
    candidates = AnyIterator { unread.next() ?? rest.next() }
    shadow.watch(ahead, at: now)
  }

  /// - Parameter list: All endpoints; nil when ``willChoose(among:at:)`` has told of them.
  func chose(
    _ endpoint: EndpointAddress, among list: [EndpointEntry]?, unhealthy: [String: Instant], key: UInt64,
    on loop: EventLoop
  ) {
    var generator = LoopGenerator(loop: loop)
    let now = loop.now
    if let list { shadow.watch(list, at: now) }
    shadow.withMachine {
      $0.chose("\(endpoint)", of: &state, unhealthy: unhealthy, key: key, at: now, using: &generator)
    }
  }
}
