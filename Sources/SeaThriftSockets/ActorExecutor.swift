/// An event loop as the executor of actors.
///
/// A task that prefers the loop and an actor that lives on it are two things to Swift's runtime: told that a job belongs
/// to an actor when it does not, it hands the job back to the executor once more before going on. So a loop has two
/// faces, itself for tasks and this one for actors; both run on its one thread.
package final class ActorExecutor: SerialExecutor {
  // Unowned and unchecked, as it is on the hot path: the loop owns this object, and the actors own the loop.
  unowned(unsafe) private let loop: EventLoop

  init(of loop: EventLoop) { self.loop = loop }

  package func enqueue(_ job: consuming ExecutorJob) { loop.enqueueForActor(UnownedJob(job)) }

  package func checkIsolated() {
    // The runtime asks for the process to end here: code of an actor runs on a thread that is not the actor's.
    if !loop.isCurrent { fatalError("expected to be on the thread of this event loop") }
  }

  package func isIsolatingCurrentContext() -> Bool? { loop.isCurrent }
}
