import Resilience
import SeaThriftTime

/// What a group knows of a call that is under way: the attempts so far, and what may still be tried.
struct CallProgress {
  private(set) var attempts: [RPCError.Attempt] = []
  /// Whether no attempt so far has sent anything.
  private(set) var isUnsent = true
  /// How many of the attempts so far may have been executed.
  var executedAttempts: Int {
    attempts.count { !RPCError.isUnexecuted($0.error) }
  }
  var start: Instant = .origin
  /// When the call has to be over.
  var deadline: Instant = .distantFuture
  /// The endpoints of a balancer that the call has gone to, by their slots.
  var tried: [Int] = []
  /// What the headers of the last reply say about trying again.
  var advice: RetryAdvice?
  /// Whether a pause has been made between two attempts.
  var hasPaused = false
  /// Where the attempts of a group without a balancer go to.
  var candidates: AnyIterator<EndpointEntry>?
  /// Those of them that were passed over because it is not known whether they work again.
  var doubtful: [EndpointAddress] = []
  /// Whether an attempt was one that found out whether its endpoint works again.
  var hasProbed = false
  /// How many attempts were begun.
  private(set) var begun = 0
  /// Where the last of them went.
  private(set) var lastEndpoint: EndpointAddress?
  /// Whether one of those that may be hedged has ended: then it is too late for a second one beside it.
  var hasEnded = false
  /// Whether one of them was to leave time for the next.
  var wasShared = false
  private var openEndpoints: Set<EndpointAddress> = []
  private var openSlots: [Int] = []
  private var passedOver = 0
  private var machine: RetryStateMachine?

  /// Whether this call has passed the endpoint over before.
  func isKnownOpen(_ address: EndpointAddress) -> Bool { openEndpoints.contains(address) }

  /// Whether to go on looking after meeting such an endpoint again.
  ///
  /// An endless sequence in which every circuit is open would be gone through for ever; after as many repetitions as
  /// there are open endpoints, and some more because the sequence may be a random one, nothing better is to be expected.
  mutating func mayPassOver(_ address: EndpointAddress) -> Bool {
    passedOver += 1
    return passedOver <= 2 * openEndpoints.count + 16
  }

  /// Whether the next attempt goes to an endpoint that the call has not tried.
  ///
  /// - Parameter count: how many endpoints a balancer has.
  mutating func mayGoElsewhere(among count: Int) -> Bool {
    guard let rest = candidates else { return tried.count < count }
    guard let next = rest.next() else { return false }
    var isTaken = false
    candidates = AnyIterator {
      if isTaken { return rest.next() }
      isTaken = true
      return next
    }
    return next.address != lastEndpoint && !attempts.contains { $0.endpoint == next.address }
  }

  /// An attempt begins.
  mutating func began(at address: EndpointAddress) {
    begun += 1
    lastEndpoint = address
  }

  /// What the next attempt may be used for.
  var probing: BalancerStateMachine.Probing { hasProbed ? .never : begun == 0 ? .allowed : .ifNothingElse }

  /// How many attempts may follow the next one, by the policy of retries alone.
  func retriesLeft(_ retry: Retry) -> Int { Retry.isSuppressed ? 0 : max(0, retry.retries - (machine?.retries ?? 0)) }

  /// Has every endpoint tried again but those whose circuit is open. False when that leaves none.
  mutating func beginAnew() -> Bool {
    if tried.count == openSlots.count { return false }
    tried = openSlots
    return true
  }

  /// Notes a failed attempt. One that was passed over, for an open circuit for instance, costs no try: nothing was attempted.
  mutating func attemptFailed(
    _ error: any Error, wasPassedOver: Bool, at address: EndpointAddress, slot: Int?, from: Instant, to: Instant
  ) {
    attempts.append(
      RPCError.Attempt(
        endpoint: address, error: error, start: start.duration(to: from), duration: from.duration(to: to)))
    if let slot, !tried.contains(slot) { tried.append(slot) }
    if wasPassedOver {
      openEndpoints.insert(address)
      if let slot { openSlots.append(slot) }
      begun -= 1
    } else if (error as? RPCError)?.isUnsent != true {
      isUnsent = false
    }
  }

  /// Decides whether there is another attempt.
  mutating func next(
    after failure: RetryStateMachine.Failure, _ plan: CallPlan, _ idempotency: MethodIdempotency, at now: Instant,
    using generator: inout LoopGenerator
  ) -> RetryStateMachine.Next {
    var machine =
      self.machine
      ?? RetryStateMachine(plan.retry, idempotency: idempotency.forRetry, isSuppressed: Retry.isSuppressed)
    defer { self.machine = machine }
    let left = deadline == .distantFuture ? nil : now.duration(to: deadline)
    return plan.budget.withMachine { budget in
      machine.failed(failure, remaining: left, budget: &budget, at: now, using: &generator)
    }
  }
}

extension MethodIdempotency {
  var forRetry: RetryStateMachine.Idempotency {
    switch self {
    case .idempotent: .idempotent
    case .notIdempotent: .notIdempotent
    default: .unknown
    }
  }
}
