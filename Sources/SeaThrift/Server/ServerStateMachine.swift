/// What may happen next on a connection of a server.
///
/// It knows no bytes, no handlers and no time. Whoever reads, writes and runs handlers tells it what has happened, and asks
/// for the next step.
struct ServerStateMachine: Equatable, Sendable {
  /// What is known of a call that is under way.
  struct Call: Equatable, Sendable {
    /// Whether it gets no reply, so that its client has no reason to wait for its end.
    let isOneway: Bool
    /// Whether its client still waits for a reply.
    fileprivate(set) var owesReply: Bool

    init(isOneway: Bool) {
      self.isOneway = isOneway
      owesReply = !isOneway
    }
  }

  /// What the connection is at.
  enum State: Equatable, Sendable {
    /// Nothing of a request is there, and nothing is done: the connection may be closed for the sake of another.
    case idle
    /// It has been idle, and something may have arrived.
    case awake
    /// What was received may hold a whole request.
    case finding
    /// What was received holds no whole request; perhaps a part of one.
    case short(hasPart: Bool)
    /// A call has begun. Its handler does not run yet.
    case begun(Call)
    /// The handler of a call runs.
    case handling(Call)
    /// Where the next request begins is not known, or a reply is missing that nothing can replace.
    case outOfStep
  }

  /// What the task of the connection does next.
  enum Step: Equatable, Sendable {
    /// It looks for a request in what was received.
    case find
    /// It gives the handlers the context that has become known.
    case changeContext
    /// It runs the handler of the call that has begun.
    case handle
    /// It lets the other connections of the loop have their turn.
    case yieldTurn
    /// It ends, and another task goes on: this one is cancelled for what it did last.
    case changeTask
    /// It sends the replies, and reads what has arrived.
    case receive
    /// It sends the replies, and nothing more is served.
    case end
    /// It fails with what was wrong.
    case fail
  }

  private(set) var state = State.finding
  /// Whether the connection ends when no call is under way.
  private(set) var isDraining = false
  /// Whether the client said, or was told, that the connection ends after the replies to the calls so far.
  private(set) var isLastCall = false
  private var hasNewContext = false
  private var isTurnSpent = false
  private var isCancelled = false

  init() {}

  // MARK: What comes next

  /// The next step. One that is told is not told again.
  mutating func next() -> Step {
    if isCancelled { return .changeTask }
    if isTurnSpent {
      isTurnSpent = false
      return .yieldTurn
    }
    switch state {
    case .begun(let call):
      if hasNewContext {
        hasNewContext = false
        return .changeContext
      }
      state = .handling(call)
      return .handle
    case .outOfStep: return .fail
    case .finding: return isLastCall ? .end : .find
    case .short(let hasPart): return isLastCall || isDraining && !hasPart ? .end : .receive
    case .idle, .awake, .handling: return .receive
    }
  }

  /// Whether a request may be looked for at once, before the task of the connection is asked.
  var mayFind: Bool { state == .finding && !isLastCall && !isTurnSpent }

  /// Whether the handler that has ended goes on with the call that has begun, which is of the same method. If so it runs.
  mutating func continuesRun() -> Bool {
    guard case .begun(let call) = state, !isCancelled, !isTurnSpent, !hasNewContext else { return false }
    state = .handling(call)
    return true
  }

  /// Whether the handler runs of a call whose client waits for the reply.
  var isAwaited: Bool { if case .handling(let call) = state { !call.isOneway } else { false } }

  /// Whether a handler runs.
  var isHandling: Bool { if case .handling = state { true } else { false } }

  // MARK: Requests and replies

  /// What was received holds no whole request.
  mutating func foundNothing(hasPart: Bool) { state = .short(hasPart: hasPart) }

  /// A call has begun.
  mutating func began(_ call: Call) { state = .begun(call) }

  /// The context of all calls has become known: the task of the connection takes it over before the next handler runs.
  mutating func contextChanged() { hasNewContext = true }

  /// The connection ends after the replies to the calls so far.
  mutating func saidLast() { isLastCall = true }

  /// A reply is about to be written.
  ///
  /// - Parameter isInputEmpty: Whether nothing of a further request is there.
  /// - Returns: Whether it is the last one of the connection.
  mutating func replies(isInputEmpty: Bool) -> Bool {
    if isDraining, isInputEmpty { isLastCall = true }
    return isLastCall
  }

  /// The reply to the call that is under way is written.
  mutating func replied() {
    switch state {
    case .begun(var call):
      call.owesReply = false
      state = .begun(call)
    case .handling(var call):
      call.owesReply = false
      state = .handling(call)
    default: break
    }
  }

  /// The handler has ended.
  ///
  /// - Returns: Whether there is nothing owed to the client. If not the connection is out of step.
  @discardableResult
  mutating func ended() -> Bool {
    guard case .handling(let call) = state, call.owesReply else {
      state = .finding
      return true
    }
    state = .outOfStep
    return false
  }

  /// What was received is no request.
  mutating func broke() { state = .outOfStep }

  // MARK: The connection

  /// More bytes have arrived.
  mutating func received() { state = .finding }

  /// Nothing has arrived.
  ///
  /// - Parameter hasPart: Whether a part of a request is there already.
  /// - Returns: Whether the connection waits for more. If not it ends.
  mutating func waits(hasPart: Bool) -> Bool {
    if isDraining, !hasPart { return false }
    state = hasPart ? .short(hasPart: true) : .idle
    return true
  }

  /// It waits no longer for a request to begin.
  mutating func woke() { state = .awake }

  /// Its share of the turn is used up.
  mutating func spentTurn() { isTurnSpent = true }

  /// It is to end when no call is under way.
  ///
  /// - Parameter hasArrived: Whether something has arrived that was not read: a call that is under way.
  /// - Returns: Whether that is now.
  mutating func drain(hasArrived: Bool) -> Bool {
    isDraining = true
    return state == .idle && !hasArrived
  }

  /// The client is gone, or has at least ended its sending.
  ///
  /// - Returns: Whether a handler runs that works for nobody now. What else the client has sent goes on in another task.
  mutating func clientLeft() -> Bool {
    guard isAwaited else { return false }
    isCancelled = true
    return true
  }

  /// Another task goes on with the connection.
  mutating func changedTask() { isCancelled = false }
}
