import Testing

@testable import SeaThrift

@Suite("What may happen next on a connection of a server")
struct ServerStateMachineTests {
  private typealias Machine = ServerStateMachine
  private typealias Step = ServerStateMachine.Step

  private let call = ServerStateMachine.Call(isOneway: false)
  private let oneway = ServerStateMachine.Call(isOneway: true)

  /// Expects what a machine answers: the macro cannot call what changes it.
  private func expect(
    _ isTrue: Bool, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(isTrue, comment, sourceLocation: sourceLocation)
  }

  /// A machine on which a call has begun.
  private func begun(_ call: Machine.Call) -> Machine {
    var machine = Machine()
    expect(machine.next() == .find)
    machine.began(call)
    return machine
  }

  /// A machine on which the handler of a call runs.
  private func handling(_ call: Machine.Call) -> Machine {
    var machine = begun(call)
    expect(machine.next() == .handle)
    return machine
  }

  @Test("a call is found, handled and replied to, and the next one is looked for")
  func oneCall() {
    var machine = handling(call)
    expect(machine.isHandling && machine.isAwaited)
    expect(!machine.replies(isInputEmpty: true))
    machine.replied()
    expect(machine.ended())
    expect(!machine.isHandling && machine.mayFind)
    expect(machine.next() == .find)
    machine.foundNothing(hasPart: false)
    expect(machine.next() == .receive)
  }

  @Test("reading goes on until a request is whole")
  func parts() {
    var machine = Machine()
    machine.foundNothing(hasPart: true)
    expect(machine.next() == .receive)
    machine.received()
    expect(machine.next() == .find)
    machine.foundNothing(hasPart: true)
    expect(machine.next() == .receive && !machine.mayFind)
  }

  @Test("a oneway call owes nothing, and its handler works on when its client has left")
  func onewayCall() {
    var machine = handling(oneway)
    expect(!machine.isAwaited)
    expect(!machine.clientLeft())
    expect(machine.ended())
    expect(machine.next() == .find)
  }

  @Test("a reply that nothing could be written of puts the connection out of step")
  func missingReply() {
    var machine = handling(call)
    expect(!machine.ended())
    expect(machine.next() == .fail)
    expect(!machine.mayFind)
  }

  @Test("bytes that are no request end the connection after the calls before them")
  func broken() {
    var machine = handling(call)
    machine.replied()
    machine.ended()
    expect(machine.mayFind)
    machine.broke()
    expect(!machine.mayFind && !machine.continuesRun())
    expect(machine.next() == .fail)
  }

  @Test("a run goes on with the call that has begun")
  func run() {
    var machine = handling(call)
    machine.replied()
    machine.ended()
    expect(!machine.continuesRun(), "nothing has begun")
    machine.began(oneway)
    expect(machine.continuesRun())
    expect(machine.isHandling && !machine.isAwaited)
  }

  @Test("a run is left for the others' turn, and the call that has begun comes after it")
  func turn() {
    var machine = handling(call)
    machine.replied()
    machine.ended()
    machine.began(call)
    machine.spentTurn()
    expect(!machine.continuesRun())
    expect(machine.next() == .yieldTurn)
    expect(machine.next() == .handle)
  }

  @Test("nothing more is looked for in a turn that is used up")
  func noFinding() {
    var machine = Machine()
    expect(machine.mayFind)
    machine.spentTurn()
    expect(!machine.mayFind)
    expect(machine.next() == .yieldTurn)
    expect(machine.mayFind)
  }

  @Test("the context of all calls is taken over once, before the first handler")
  func context() {
    var machine = Machine()
    machine.contextChanged()
    machine.began(call)
    expect(!machine.continuesRun())
    expect(machine.next() == .changeContext)
    expect(machine.next() == .handle)
  }

  @Test("a client that leaves cancels the handler that works for it, and what else it has sent goes on in another task")
  func clientLeaves() {
    var machine = handling(call)
    expect(machine.clientLeft())
    machine.replied()
    machine.ended()
    machine.began(oneway)
    expect(!machine.continuesRun())
    expect(machine.next() == .changeTask)
    machine.changedTask()
    expect(machine.next() == .handle)
  }

  @Test("a client that leaves between two calls cancels nothing")
  func clientLeavesIdle() {
    var machine = begun(call)
    expect(!machine.clientLeft())
    expect(machine.next() == .handle)
    machine = Machine()
    machine.foundNothing(hasPart: true)
    expect(!machine.clientLeft())
    expect(machine.next() == .receive)
  }

  @Test("a connection without keep-alive ends after the reply")
  func withoutKeepAlive() {
    var machine = Machine()
    machine.saidLast()
    machine.began(call)
    expect(machine.next() == .handle)
    expect(machine.replies(isInputEmpty: false))
    machine.replied()
    machine.ended()
    expect(!machine.mayFind)
    expect(machine.next() == .end)
  }

  @Test("draining ends an idle connection at once")
  func drainIdle() {
    var machine = Machine()
    machine.foundNothing(hasPart: false)
    expect(machine.waits(hasPart: false) && machine.state == .idle)
    expect(machine.drain(hasArrived: false))
  }

  @Test("what has arrived before the draining is served, if it is a call")
  func drainArrived() {
    var machine = Machine()
    expect(machine.waits(hasPart: false))
    expect(!machine.drain(hasArrived: true))
    machine.woke()
    expect(machine.next() == .receive)
    var other = machine
    expect(!other.waits(hasPart: false), "it was nothing")
    machine.received()
    machine.began(call)
    expect(machine.next() == .handle)
    expect(machine.replies(isInputEmpty: true))
  }

  @Test("draining lets a call end, and its reply is the last unless more has arrived", arguments: [true, false])
  func drainHandling(hasMore: Bool) {
    var machine = handling(call)
    expect(!machine.drain(hasArrived: false))
    expect(machine.replies(isInputEmpty: !hasMore) == !hasMore)
    machine.replied()
    machine.ended()
    expect(machine.next() == (hasMore ? .find : .end))
    machine.foundNothing(hasPart: hasMore)
    expect(machine.next() == (hasMore ? .receive : .end))
  }

  @Test("a connection waits for its next call or the rest of one, and reads when it wakes")
  func idle() {
    var machine = Machine()
    machine.foundNothing(hasPart: true)
    expect(machine.waits(hasPart: true) && machine.state == .short(hasPart: true))
    expect(machine.next() == .receive)
    expect(machine.waits(hasPart: false) && machine.state == .idle)
    machine.woke()
    expect(machine.next() == .receive)
    machine.received()
    expect(machine.next() == .find)
  }
}
