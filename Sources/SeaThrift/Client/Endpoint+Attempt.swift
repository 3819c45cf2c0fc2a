import Resilience
import SeaThriftSockets
import SeaThriftTime

extension Endpoint {
  /// One attempt, with what stands around attempts.
  ///
  /// - Parameters:
  ///   - deadline: when the call has to be over.
  ///   - share: when the attempt has to be over so that another one has time; the deadline if there is no other.
  ///   - isForced: whether to go on although the circuit is open.
  func result(
    of call: ClientCall, _ plan: CallPlan, until deadline: Instant, share: Instant = .distantFuture,
    isForced: Bool = false
  ) async -> Result<Answer, RPCError> {
    let limits = AttemptLimits(plan.timeouts, deadline: deadline, share: share, at: loop.now)
    if configuration.interceptors.attempt.isEmpty { return await attempt(call, plan, limits, isForced: isForced) }
    var declared: (any Error)?
    do {
      let step = InterceptedStep(call, at: address)
      return .success(
        try await intercepted(configuration.interceptors.attempt, step) {
          let answer = try await attempt(call, plan, limits, isForced: isForced).get()
          // Interceptors see a declared exception as what it is to users: an error.
          guard case .declared(let error) = answer else { return answer }
          declared = error
          throw error
        })
    } catch {
      if let declared, !(error is RPCError) { return .success(.declared(declared)) }
      return .failure(RPCError(intercepted: error))
    }
  }

  /// One attempt: breaker, pool, wire.
  private func attempt(
    _ call: ClientCall, _ plan: CallPlan, _ limits: AttemptLimits, isForced: Bool
  ) async -> Result<Answer, RPCError> {
    call.watch?.attemptStarted(at: address)
    let start = loop.now
    var result: Result<Answer, RPCError>
    do throws(RPCError) {
      let ticket = try admit(plan, isForced: isForced, at: start)
      let lease = call.watch?.connectionWanted(at: address)
      result = await reached(call, plan, limits)
      if let lease { call.watch?.connectionDone(lease, result, at: address) }
      if let ticket { record(result, ticket, plan) }
    } catch {
      result = .failure(error)
    }
    switch result {
    case .success(.refused(let answer)):
      var error = RPCError(refused: answer, endpoint: address, method: call.method.qualifiedName)
      error.retryAdvice = call.progress.advice
      result = .failure(error)
    case .success: break
    case .failure(var error):
      error.endpoint = address
      error.method = call.method.qualifiedName
      result = .failure(error)
    }
    if let watch = call.watch { watch.attemptEnded(at: address, from: start, Self.error(of: result)) }
    return result
  }

  /// What is behind the breaker: a connection, and the call on it.
  ///
  /// A connection that is not new and breaks before any byte of a reply says nothing about the endpoint: it was closed for
  /// its idleness, or by a server that is another one now. The call has another try then, once, on a connection that is
  /// new, unless it may have been executed and must not be twice.
  private func reached(_ call: ClientCall, _ plan: CallPlan, _ limits: AttemptLimits) async -> Result<Answer, RPCError>
  {
    let (first, isOld) = await exchanged(call, plan, limits)
    guard isOld, case .failure(var error) = first, error.isOfBrokenConnection else { return first }
    // What is as old is as suspicious.
    for id in pool.takeIdle() { closeConnection(id) }
    guard mayRepeat(call, plan, error), !Task.isCancelled else {
      error.verdict = .ignorable
      return .failure(error)
    }
    return await exchanged(call, plan, limits).result
  }

  private func mayRepeat(_ call: ClientCall, _ plan: CallPlan, _ error: RPCError) -> Bool {
    if error.isUnsent { return true }
    switch call.method.idempotency {
    case .idempotent: return true
    case .notIdempotent: return false
    // As for any other retry.
    default: return plan.retry.retries > 0
    }
  }

  /// What an attempt has come to behind the breaker.
  private struct Exchange {
    let began: Instant
    /// The connection, to be given back.
    var id: PoolStateMachine.ConnectionID?
    var connection: ClientConnection?
    /// When the request began to be sent; nil when it was not.
    var start: Instant?
    var isOld = false
  }

  /// An attempt from the pool to the reply. What needs no waiting is done at once; all waits, for a connection, for room to
  /// write and for the reply, are in one race with one timer, if anything limits them.
  private func exchanged(
    _ call: ClientCall, _ plan: CallPlan, _ limits: AttemptLimits
  ) async -> (result: Result<Answer, RPCError>, isOld: Bool) {
    let isOneway = configuration.framing.isHTTP && call.method.isOneway
    if isOneway { onewayCalls += 1 }
    defer { if isOneway { onewayCalls -= 1 } }
    var exchange = Exchange(began: loop.now)
    let idle = idleConnection()
    var progress: ClientConnection.Progress?
    if let idle, connections[idle.slot]?.awaitsAnswer != true { progress = begin(&exchange, idle, call, plan, limits) }
    let result: Result<Answer, RPCError>
    if case .ended(let ended)? = progress {
      result = ended
    } else {
      // A connection over HTTP may await the answers to calls before, which has an end in any case.
      let isLimited =
        limits.end != .distantFuture || plan.timeouts.limitsWait(isConnected: progress != nil)
        || progress == nil && configuration.framing.isHTTP
      result = await race(isLimited: isLimited, on: loop) { timer in
        let begun: ClientConnection.Progress
        if let progress {
          begun = progress
        } else {
          begun = await connected(&exchange, idle, call, plan, limits, with: timer)
        }
        switch (begun, exchange.connection) {
        case (.ended(let ended), _): return ended
        case (_, let connection?):
          return await connection.finish(call, begun, plan.timeouts, until: limits.end, with: timer)
        case (_, nil): return .failure(Self.noConnection)
        }
      }
    }
    defer { if let id = exchange.id { giveBack(id) } }
    guard let start = exchange.start else { return (result, exchange.isOld) }
    return (judged(result, of: call, since: start, plan, limits), exchange.isOld)
  }

  private static var noConnection: RPCError { RPCError(.connectionLost, "no connection", isUnsent: true) }

  /// Waits for a connection, and begins with the call on it.
  private func connected(
    _ exchange: inout Exchange, _ idle: PoolStateMachine.ConnectionID?, _ call: ClientCall, _ plan: CallPlan,
    _ limits: AttemptLimits, with timer: RaceTimer?
  ) async -> ClientConnection.Progress {
    let isOneway = configuration.framing.isHTTP && call.method.isOneway
    let began = exchange.began
    do throws(RPCError) {
      let id = try await connection(
        idle, for: call, isOneway ? plan.timeouts.ofOnewayCall : plan.timeouts, until: limits.end,
        mayConnect: !isOneway || mayOnewayCallConnect, with: timer)
      return begin(&exchange, id, call, plan, limits)
    } catch {
      // Waiting for a connection says nothing about the endpoint: making it has its own end, which does. But looking up a
      // name may have none for long.
      let now = loop.now
      guard isLookedUpInVain, !loop.hasStalled(since: began) else {
        return .ended(.failure(limits.limited(error, .ignorable, at: now)))
      }
      let hasLost = error.code == .cancelled && call.progress.hasEnded
      let time = hasLost ? silence.extended(from: began, to: now) : began.duration(to: now)
      let isFair = time >= (plan.timeouts.connect ?? .zero) * plan.timeouts.fairShare
      if isFair, hasLost { silence.end() }
      return .ended(.failure(limits.limited(error, isFair ? .failure : .ignorable, at: now)))
    }
  }

  /// Begins with the call on a connection, as far as that is possible without waiting.
  private func begin(
    _ exchange: inout Exchange, _ id: PoolStateMachine.ConnectionID, _ call: ClientCall, _ plan: CallPlan,
    _ limits: AttemptLimits
  ) -> ClientConnection.Progress {
    exchange.id = id
    guard let connection = connections[id.slot] else { return .ended(.failure(Self.noConnection)) }
    if Task.isCancelled {
      return .ended(.failure(RPCError(.cancelled, "the task was cancelled", isUnsent: true)))
    }
    exchange.connection = connection
    let wasUsed = connection.wasUsed
    let start = loop.now
    exchange.isOld = wasUsed || isOld(connection, plan.timeouts, at: start)
    // A call that waited for its connection, and has no time left for an answer, had better leave it to the next one.
    if !wasUsed, !call.method.isOneway, limits.end != .distantFuture,
      exchange.began.duration(to: start) >= .milliseconds(1), start.duration(to: limits.end) < shortestRoundTrip
    {
      exchange.isOld = false
      let error = RPCError(.connectTimeout, "connecting has left no time for an answer", isUnsent: true)
      return .ended(.failure(limits.limited(error, .ignorable, at: limits.end)))
    }
    exchange.start = start
    return connection.begin(call, until: limits.end)
  }

  /// What comes of an exchange that began: what it says about the endpoint is noted, or added to its error.
  private func judged(
    _ result: Result<Answer, RPCError>, of call: ClientCall, since start: Instant, _ plan: CallPlan,
    _ limits: AttemptLimits
  ) -> Result<Answer, RPCError> {
    let now = loop.now
    switch result {
    case .success(let answer):
      let duration = start.duration(to: now)
      // One that succeeded later than it could says how long this process stood still.
      if answer.isOfMethod, now <= limits.end, !loop.hasStalled(since: start) { latency.succeeded(after: duration) }
      if !call.method.isOneway { shortestRoundTrip = min(shortestRoundTrip, duration) }
      silence.end()
      return result
    case .failure(let error):
      let hasLost = error.code == .cancelled && call.progress.hasEnded
      let verdict = verdict(ofOneThatBegan: start, hasLost: hasLost, plan.timeouts, limits)
      return .failure(limits.limited(error, verdict, at: now))
    }
  }

  /// Whether a connection has waited for its first call, in the pool, or while this process stood still.
  private func isOld(_ connection: ClientConnection, _ timeouts: Timeouts, at now: Instant) -> Bool {
    connection.began.duration(to: now) > (timeouts.connect ?? .seconds(1)) + EventLoop.stallThreshold
  }

  /// What an attempt says about the endpoint that is on the wire since then, and was ended by somebody else.
  ///
  /// One that had to leave time for the next had as much as it was given: its share is never less than the method needs.
  /// Those that were ended sooner, by hedges that won, count together: an endpoint that says nothing to several of them for
  /// as long as one would have had has failed once.
  ///
  /// - Parameters:
  ///   - start: When the request was sent.
  ///   - hasLost: Whether another attempt of the same call has ended before.
  ///   - timeouts: Those of the call.
  ///   - limits: When the attempt had to end.
  private func verdict(
    ofOneThatBegan start: Instant, hasLost: Bool, _ timeouts: Timeouts, _ limits: AttemptLimits
  ) -> Verdict {
    let now = loop.now
    guard !loop.hasStalled(since: start), start.duration(to: now) > latency.usual else { return .ignorable }
    let time = hasLost ? silence.extended(from: start, to: now) : start.duration(to: now)
    let allowed = limits.sharedTime ?? timeouts.attempt ?? timeouts.read
    guard allowed.map({ time >= $0 * timeouts.fairShare }) ?? true else { return .ignorable }
    if hasLost { silence.end() }
    return .failure
  }

  /// The error of an attempt, whichever way it came; `nil` for a result.
  static func error(of answer: Result<Answer, RPCError>) -> (any Error)? {
    switch answer {
    case .success(.success): nil
    case .success(.declared(let error)): error
    case .success(.refused(let exception)): RPCError(refused: exception)
    case .failure(let error): error
    }
  }
}
