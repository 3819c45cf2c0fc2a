import Resilience
import SeaThriftSockets
import SeaThriftTime

/// Where the events of one call go: to observers, and to the policies that only watch. A call of which nobody wants to know
/// has none.
final class CallWatch: @unchecked Sendable {
  // @unchecked: confined to the loop's thread.

  private let method: String
  private let group: String?
  private let observers: [any ClientObserver]
  private let shadow: ShadowedCall?
  private let loop: EventLoop
  private let start: Instant
  private var attempts = 0
  private var hedges = 0
  private var endpoint: EndpointAddress?
  private var hasAnswer = false
  private var times = CallReport.Times()
  /// How the result came about, when no endpoint was asked for it by this call.
  var source = CallReport.Source.endpoint

  /// A call begins.
  ///
  /// - Parameter group: The name of the group; nil for an endpoint that is called by itself.
  init(
    _ call: ClientCall, of group: String?, _ observers: [any ClientObserver], _ shadow: SharedShadow?,
    on loop: EventLoop
  ) {
    method = call.method.qualifiedName
    self.group = group
    self.observers = observers
    self.loop = loop
    start = loop.now
    self.shadow = shadow.map { ShadowedCall($0, call, at: loop.now) }
    for observer in observers { observer.callStarted(method) }
    tellShadowed(nil)
  }

  /// Whether the size of the result has to be known at the end.
  var wantsSize: Bool { shadow?.wantsSize ?? false }

  /// The call has ended.
  ///
  /// - Parameters:
  ///   - bytes: The size of the result, if ``wantsSize``.
  ///   - isReplaceable: Whether a fallback would replace the error.
  func ended(_ error: (any Error)?, _ verdict: Verdict, bytes: Int = 0, isReplaceable: Bool = false) {
    shadow?.ended(verdict, bytes: bytes, isReplaceable: isReplaceable, at: loop.now)
    tellShadowed(nil)
    if observers.isEmpty { return }
    let report = CallReport(
      method: method, group: group, error: error, duration: start.duration(to: loop.now), attempts: attempts,
      hedges: hedges,
      endpoint: endpoint, source: source, times: times)
    for observer in observers { observer.callEnded(report) }
  }

  private func tellShadowed(_ endpoint: EndpointAddress?) {
    guard let shadow else { return }
    for event in shadow.takeEvents() {
      for observer in observers { observer.shadowed(event, method: method, endpoint: endpoint) }
    }
  }

  // MARK: Choosing

  /// The next endpoint of a sequence is about to be read.
  func willChoose(among candidates: inout AnyIterator<EndpointEntry>?) {
    if let shadow, shadow.watchesBalance { shadow.willChoose(among: &candidates, at: loop.now) }
  }

  /// An endpoint was chosen for an attempt; `list` is nil when it is one of a sequence.
  func chose(
    _ endpoint: EndpointAddress, among list: [EndpointEntry]?, unhealthy: @autoclosure () -> [String: Instant],
    key: UInt64
  ) -> ShadowStateMachine.Attempt? {
    guard let shadow else { return nil }
    if shadow.watchesBalance { shadow.chose(endpoint, among: list, unhealthy: unhealthy(), key: key, on: loop) }
    let attempt = shadow.attemptBegan(at: endpoint, loop.now)
    tellShadowed(endpoint)
    return attempt
  }

  /// What became of the choice.
  ///
  /// - Parameter failure: What it is to retries; nil for a success, and for an open circuit, which is no attempt.
  func choiceEnded(
    _ attempt: ShadowStateMachine.Attempt, at endpoint: EndpointAddress, _ verdict: Verdict,
    _ failure: RetryStateMachine.Failure?
  ) {
    shadow?.attemptEnded(attempt, verdict, failure, on: loop)
    tellShadowed(endpoint)
  }

  /// An attempt is about to begin beside one that is slow.
  func hedgeBegins() { hedges += 1 }

  /// The call waits between two attempts.
  func paused(_ delay: Duration) { times.backoff += delay }

  // MARK: Attempts

  func attemptStarted(at endpoint: EndpointAddress) {
    if attempts == 0 { times.queued = start.duration(to: loop.now) }
    for observer in observers { observer.attemptStarted(method, endpoint: endpoint) }
  }

  func attemptEnded(at endpoint: EndpointAddress, from start: Instant, _ error: (any Error)?) {
    if (error as? RPCError)?.code != .circuitOpen {
      attempts += 1
      if !hasAnswer { self.endpoint = endpoint }
      hasAnswer = hasAnswer || error == nil
    }
    guard !observers.isEmpty else { return }
    let duration = start.duration(to: loop.now)
    for observer in observers { observer.attemptEnded(method, endpoint: endpoint, duration: duration, error: error) }
  }

  func connectionWanted(at endpoint: EndpointAddress) -> ShadowStateMachine.Lease? {
    guard let shadow, shadow.watchesPool else { return nil }
    let lease = shadow.connectionWanted(at: endpoint, on: loop)
    tellShadowed(endpoint)
    return lease
  }

  func connectionDone(
    _ lease: ShadowStateMachine.Lease, _ result: Result<Answer, RPCError>, at endpoint: EndpointAddress
  ) {
    let isReusable = if case .success = result { true } else { false }
    shadow?.connectionDone(lease, isReusable: isReusable, on: loop)
    tellShadowed(endpoint)
  }

  /// A step of an attempt ended.
  func ended(_ step: ShadowStateMachine.Step, from start: Instant, at endpoint: EndpointAddress) {
    let duration = start.duration(to: loop.now)
    switch step {
    case .pool: times.pool += duration
    case .connect: times.connect += duration
    case .write: times.write += duration
    case .read: times.read += duration
    case .attempt: break
    }
    guard let shadow else { return }
    shadow.stepEnded(step, after: duration)
    tellShadowed(endpoint)
  }
}
