import SeaThriftTime
import Synchronization

/// What an acceptor's task waits for: clients, places, connections that go on in another task, or that it is to stop.
final class AcceptQueue: @unchecked Sendable {
  // @unchecked: confined to the acceptor's loop, save what says that it is called from any thread.

  enum Work {
    case accepted(any AcceptedConnection, ConnectionTable)
    case again(any AcceptedConnection, ConnectionTable)
  }

  let loop: EventLoop
  private var waiter: UnsafeContinuation<Void, Never>?
  private var hasNews = false
  private var again: [Work] = []
  private let isWaitingForPlace = Atomic<Bool>(false)
  /// Whether a connection was told to end, so that there is a place, and none has ended since.
  private let isMakingPlace = Atomic<Bool>(false)
  /// Ends the wait for that connection.
  private var placeTimer: TimerID?
  private var first = 0
  private var quietUntil = Instant.origin

  init(loop: EventLoop) { self.loop = loop }

  /// Whether to tell that nothing can be accepted; not again for 10 s.
  func maySay(at now: Instant) -> Bool {
    guard now >= quietUntil else { return false }
    quietUntil = now.advanced(by: .seconds(10))
    return true
  }

  /// A look at what there is begins: what is told from now on is news.
  func beginLook() { hasNews = false }

  /// Waits for news, unless there are any.
  func wait() async {
    await withUnsafeContinuation { continuation in
      if hasNews { continuation.resume() } else { waiter = continuation }
    }
    hasNews = false
    isWaitingForPlace.store(false, ordering: .relaxed)
  }

  func beginWaitForPlace() { isWaitingForPlace.store(true, ordering: .sequentiallyConsistent) }

  /// The listeners, another one first each time.
  func takingTurns(_ listeners: [Listener]) -> [Listener] {
    guard listeners.count > 1 else { return listeners }
    first = (first + 1) % listeners.count
    return Array(listeners[first...] + listeners[..<first])
  }

  /// A connection is to be ended for the sake of a place; false when one is about to end. Another one is when that takes
  /// longer than 100 ms: it may have got a call at the last moment.
  func beginMakingPlace() -> Bool {
    guard !isMakingPlace.exchange(true, ordering: .relaxed) else { return false }
    // That of a place made before says nothing about this one.
    cancelTimer()
    placeTimer = loop.schedule(
      at: loop.now.advanced(by: .milliseconds(100)),
      .call { [weak self] in
        self?.placeTimer = nil
        guard let self, isMakingPlace.exchange(false, ordering: .relaxed) else { return }
        wake()
      })
    return true
  }

  /// Leaves no timer behind.
  func cancelTimer() {
    if let placeTimer { loop.cancelTimer(placeTimer) }
    placeTimer = nil
  }

  /// None could be ended.
  func cannotMakePlace() { isMakingPlace.store(false, ordering: .relaxed) }

  func takeAgain() -> Work? { again.isEmpty ? nil : again.removeFirst() }

  /// There is something to look at. From any thread.
  func wake() {
    loop.execute {
      self.hasNews = true
      let waiter = self.waiter
      self.waiter = nil
      waiter?.resume()
    }
  }

  /// A connection has ended. From any thread.
  func placeIsFree() {
    isMakingPlace.store(false, ordering: .relaxed)
    // Nobody is woken while nobody waits for it, or for the last connection to end.
    if isWaitingForPlace.load(ordering: .sequentiallyConsistent) { wake() }
  }

  /// A connection has to go on in another task. From any thread.
  func goOn(_ connection: any AcceptedConnection, of table: ConnectionTable) {
    loop.execute {
      self.again.append(.again(connection, table))
      self.wake()
    }
  }
}
