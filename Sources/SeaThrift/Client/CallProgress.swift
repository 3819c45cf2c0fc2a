import SeaThriftTime

/// What a group knows of a call that is under way: the attempts so far, and what may still be tried.
struct CallProgress {
  private(set) var attempts: [RPCError.Attempt] = []
  /// Whether no attempt so far has sent anything.
  private(set) var isUnsent = true
  private let start: Instant
  private var triesLeft: Int
  private var openEndpoints: Set<EndpointAddress> = []
  private var passedOver = 0

  init(retries: Int, start: Instant) {
    triesLeft = 1 + max(0, retries)
    self.start = start
  }

  /// Whether another attempt is allowed.
  var mayTry: Bool { triesLeft > 0 }

  /// Whether this call has found the endpoint's circuit open before.
  func isKnownOpen(_ address: EndpointAddress) -> Bool { openEndpoints.contains(address) }

  /// Whether to go on looking after meeting such an endpoint again.
  ///
  /// An endless sequence in which every circuit is open would be gone through for ever; after as many repetitions as
  /// there are open endpoints, and some more because the sequence may be a random one, nothing better is to be expected.
  mutating func mayPassOver(_ address: EndpointAddress) -> Bool {
    passedOver += 1
    return passedOver <= 2 * openEndpoints.count + 16
  }

  /// Notes a failed attempt. An open circuit costs no try: nothing was attempted.
  mutating func attemptFailed(_ error: any Error, at address: EndpointAddress, from: Instant, to: Instant) {
    attempts.append(
      RPCError.Attempt(
        endpoint: address, error: error, start: start.duration(to: from), duration: from.duration(to: to)))
    if let error = error as? RPCError {
      if error.code == .circuitOpen {
        openEndpoints.insert(address)
        return
      }
      if !error.isUnsent { isUnsent = false }
    } else {
      isUnsent = false
    }
    triesLeft -= 1
  }
}
