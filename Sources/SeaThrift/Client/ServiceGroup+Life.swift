import Resilience
import SeaThriftSockets
import SeaThriftTime

extension ServiceGroup {
  /// Does what a group does between calls, until it is closed or the task is cancelled: keeps as many connections open as
  /// `Pool(minimum:)` says, finds out by that which endpoints do not answer before a call does, and looks up names before
  /// the last answer is too old.
  ///
  /// For a task group beside the calls, or a lifecycle of services; ``withServiceGroup(_:at:configuration:network:_:)`` does
  /// it by itself. A group that is not run makes calls all the same, but keeps no minimum, which it says once in the log and
  /// in ``explain(_:)``. It can be run again after it was cancelled; cancelling it closes nothing.
  ///
  /// - Throws: ``ConfigurationError`` when it runs already.
  public func run() async throws {
    guard life == nil else { throw ConfigurationError("the group \"\(name)\" runs already") }
    if siblings.isEmpty { return await live() }
    // Children of this scope, which end with it.
    await withDiscardingTaskGroup { tasks in
      for sibling in siblings { tasks.addTask { await sibling.live() } }
      await live()
      tasks.cancelAll()
    }
  }

  private func live() async {
    let life = GroupLife(on: loop)
    self.life = life
    setKeepsMinimum(true)
    defer {
      self.life = nil
      setKeepsMinimum(false)
    }
    if case .list = source.kind { takeList() }
    while !isClosed, !Task.isCancelled {
      await life.sleep(until: maintain(life))
    }
  }

  /// Does what is due, and says when there is more.
  private func maintain(_ life: GroupLife) -> Instant {
    var due = Instant.distantFuture
    if case .name = source.kind {
      if loop.now >= life.lookUpDue, !isLookingUp { beginLookUp() }
      // The end of a look-up wakes whoever waits here.
      if !isLookingUp { due = life.lookUpDue }
    }
    guard plans.policy.perEndpoint.pool.minimum > 0 else { return due }
    for slot in listedSlots {
      let next = member(slot: slot).endpoint.assumeIsolated { $0.keepMinimum() }
      due = min(due, next)
    }
    return due
  }

  func setKeepsMinimum(_ keeps: Bool) {
    for member in members { member.endpoint.assumeIsolated { $0.pool.keepsMinimum = keeps } }
  }

  /// What the policies ask for that only a group that runs does; nil when there is nothing, or it runs.
  var lifeless: String? {
    guard life == nil, plans.policy.perEndpoint.pool.minimum > 0 else { return nil }
    return "Pool(minimum:) has no effect: the group is not run, by run() or withServiceGroup"
  }

  /// Says once that something has no effect, if that is still so when whoever would run the group has had a second.
  func sayLaterIfLifeless() {
    guard !hasSaidThatItDoesNotRun, lifeless != nil else { return }
    hasSaidThatItDoesNotRun = true
    _ = loop.schedule(
      at: loop.now.advanced(by: .seconds(1)),
      .call { [weak self] in
        self?.assumeIsolated { group in
          guard !group.isClosed, let lifeless = group.lifeless else { return }
          let line = "\(group.name): \(lifeless)"
          if !group.loop.takesLogLine(line) { LogWriter.standardError.write("groups that are not run", line) }
        }
      })
  }
}

/// The life of a group that runs: sleeps until something is due, or somebody wakes it.
final class GroupLife: @unchecked Sendable {
  // @unchecked: confined to the loop's thread.

  private let loop: EventLoop
  private var isAwake = false
  private var wakeUpCall: Signal<Void>?
  /// When the name is to be looked up.
  var lookUpDue = Instant.origin

  init(on loop: EventLoop) { self.loop = loop }

  /// Has ``sleep(until:)`` end, or not begin.
  func wakeUp() {
    isAwake = true
    wakeUpCall?.give(())
  }

  /// Sleeps until then; less long when it is woken, or its task is cancelled.
  func sleep(until due: Instant, isolation: isolated (any Actor)? = #isolation) async {
    let call = Signal<Void>()
    wakeUpCall = call
    if !isAwake { _ = try? await call.value(until: due, on: loop) }
    wakeUpCall = nil
    isAwake = false
  }
}
