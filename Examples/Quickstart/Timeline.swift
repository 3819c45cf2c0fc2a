import SeaThrift
import Synchronization

/// Prints what happens, each line with the time since the beginning, and counts what the summary tells.
final class Timeline: ClientObserver {
  struct Counts {
    var calls = 0
    var timeouts = 0
    var refusals = 0
    var openings = 0
    var closings = 0
  }

  private let clock = ContinuousClock()
  private let start = ContinuousClock().now
  private let state = Mutex(Counts())
  private let names = Mutex([EndpointAddress: String]())

  var counts: Counts { state.withLock { $0 } }

  func name(_ address: EndpointAddress, _ name: String) { names.withLock { $0[address] = name } }

  func say(_ text: String) {
    let milliseconds = (clock.now - start) / .milliseconds(1)
    let whole = String(Int(milliseconds))
    print(String(repeating: " ", count: max(0, 6 - whole.count)) + whole + " ms  " + text)
  }

  func called(_ what: String) {
    state.withLock { $0.calls += 1 }
    say(what)
  }

  private func name(of address: EndpointAddress) -> String {
    names.withLock { $0[address] } ?? address.description
  }

  func attemptEnded(_ method: String, endpoint: EndpointAddress, duration: Duration, error: (any Error)?) {
    guard let error = error as? RPCError else { return }
    state.withLock { counts in
      if error.code == .readTimeout { counts.timeouts += 1 }
      if error.code == .connectionRefused { counts.refusals += 1 }
    }
    if error.code == .circuitOpen { return }
    say("  \(name(of: endpoint)): \(error.code), trying the next endpoint")
  }

  func breakerChanged(_ transition: CircuitBreaker.Transition, endpoint: EndpointAddress, method: String?) {
    state.withLock { counts in
      if transition.to == .open { counts.openings += 1 }
      if transition.to == .closed { counts.closings += 1 }
    }
    let meaning =
      switch transition.to {
      case .open: "open: it gets no calls for a while"
      case .halfOpen: "half-open: one call goes through to probe it"
      case .closed: "closed: it is back"
      }
    say("  \(name(of: endpoint)): circuit breaker \(meaning)")
  }
}
