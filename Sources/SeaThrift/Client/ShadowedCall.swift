import Resilience
import SeaThriftSockets
import SeaThriftTime

/// A call that policies watch; what they know of it is apart from it, so that calls that nobody watches carry one word.
final class ShadowedCall {
  var state: ShadowStateMachine.Call
  private let shadow: SharedShadow
  private let loop: EventLoop
  private let method: String
  private let observer: (any ClientObserver)?

  init(
    _ state: ShadowStateMachine.Call, _ shadow: SharedShadow, _ method: String, _ observer: (any ClientObserver)?,
    _ loop: EventLoop
  ) {
    self.state = state
    self.shadow = shadow
    self.method = method
    self.observer = observer
    self.loop = loop
  }

  /// Tells the observer what has come up.
  func tell(_ endpoint: EndpointAddress?) {
    for event in shadow.machine.takeEvents() { observer?.shadowed(event, method: method, endpoint: endpoint) }
  }

  /// A step of an attempt ended.
  func ended(_ step: ShadowStateMachine.Step, from start: Instant, at endpoint: EndpointAddress) {
    shadow.machine.stepEnded(step, after: start.duration(to: loop.now))
    tell(endpoint)
  }

  func connectionWanted(at endpoint: EndpointAddress) -> ShadowStateMachine.Lease? {
    guard shadow.watchesPool else { return nil }
    var generator = LoopGenerator(loop: loop)
    let lease = shadow.machine.connectionWanted(at: "\(endpoint)", at: loop.now, using: &generator)
    tell(endpoint)
    return lease
  }

  func connectionDone(
    _ lease: ShadowStateMachine.Lease, _ result: Result<Answer, RPCError>, at endpoint: EndpointAddress
  ) {
    var generator = LoopGenerator(loop: loop)
    let isReusable = if case .success = result { true } else { false }
    shadow.machine.connectionDone(lease, isReusable: isReusable, at: loop.now, using: &generator)
    tell(endpoint)
  }
}
