import Glibc
package import SeaThriftTime
import Synchronization

/// An event loop's share of the kernel: its thread, its poller, and the sockets that are watched.
package final class KernelSystem: LoopSystem, @unchecked Sendable {
  // @unchecked: confined to the loop's thread, save `wakeUp()` and `stop()`.

  private let poller: any Poller
  private let resolver: NameResolver
  @exclusivity(unchecked) private var generator: SeededGenerator
  @exclusivity(unchecked) private var slots: [Slot] = []
  @exclusivity(unchecked) private var freeSlots: [UInt32] = []
  private let isStopping = Atomic<Bool>(false)

  private struct Slot {
    var owner = Owner.none
    var generation: UInt32 = 0
  }

  /// Whose descriptor it is. Kept alive while it is watched: whoever starts a socket must close it.
  private enum Owner {
    case none
    case socket(KernelSocket)
    case listener(KernelListener)
  }

  /// What is known about a descriptor that is watched.
  typealias Registration = UInt32

  private init(poller: any Poller, resolver: NameResolver) {
    self.poller = poller
    self.resolver = resolver
    var system = SystemRandomNumberGenerator()
    generator = SeededGenerator(seed: system.next())
  }

  /// Makes a loop and starts its thread, which keeps the loop alive until ``stop()``.
  static func startLoop(_ name: String, resolver: NameResolver) throws(SocketError) -> EventLoop {
    let system = KernelSystem(poller: try EpollPoller(), resolver: resolver)
    let loop = EventLoop(system)
    try SystemThread.start(name) { system.run(loop) }
    return loop
  }

  /// Ends the loop's thread after the turn it is in. Nothing may be using the loop any more.
  func stop() {
    isStopping.store(true, ordering: .relaxed)
    wakeUp()
  }

  private func run(_ loop: EventLoop) {
    loop.takeOwnership()
    while !isStopping.load(ordering: .relaxed) {
      let timeout: Duration? =
        switch loop.beginWait() {
        case .origin?: .zero
        case let deadline?: now.duration(to: deadline)
        case nil: nil
        }
      poller.wait(timeout, dispatch)
      loop.endWait()
      loop.runTurn()
    }
  }

  private func dispatch(_ token: UInt64, _ events: PolledEvents) {
    let index = Int(token & 0xFFFF_FFFF)
    guard slots[index].generation == UInt32(token >> 32) else { return }
    switch slots[index].owner {
    case .socket(let socket): socket.handle(events)
    case .listener(let listener): listener.handle(events)
    case .none: break
    }
  }

  // MARK: Registration

  func register(_ socket: KernelSocket) throws(SocketError) -> Registration {
    try register(.socket(socket), socket.descriptor)
  }

  func register(_ listener: KernelListener) throws(SocketError) -> Registration {
    try register(.listener(listener), listener.descriptor)
  }

  private func register(_ owner: Owner, _ descriptor: Int32) throws(SocketError) -> Registration {
    let index = freeSlots.popLast() ?? UInt32(slots.count)
    if Int(index) == slots.count { slots.append(Slot()) }
    slots[Int(index)].owner = owner
    do throws(SocketError) {
      try poller.watch(descriptor, token: UInt64(slots[Int(index)].generation) << 32 | UInt64(index))
    } catch {
      free(index)
      throw error
    }
    return index
  }

  /// Forgets a descriptor, which must be closed next.
  func forget(_ registration: Registration, _ descriptor: Int32) {
    poller.forget(descriptor)
    free(registration)
  }

  private func free(_ index: UInt32) {
    slots[Int(index)].owner = .none
    // What was reported of the old descriptor in the same wait is not taken for the next one's.
    slots[Int(index)].generation &+= 1
    freeSlots.append(index)
  }

  // MARK: LoopSystem

  package var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
  }

  package func random() -> UInt64 { generator.next() }

  package var wantsEveryWakeUp: Bool { false }

  package func wakeUp() { poller.wakeUp() }

  package func connect(
    to address: SocketAddress, _ options: SocketOptions
  ) throws(SocketError) -> any Socket {
    try KernelSocket(connectingTo: address, options, system: self)
  }

  package func listen(on address: SocketAddress, backlog: Int) throws(SocketError) -> any ListeningSocket {
    try KernelListener(listeningOn: address, backlog: backlog, system: self)
  }

  package func resolve(
    _ host: String, port: UInt16, on loop: EventLoop
  ) async throws(SocketError) -> [SocketAddress] {
    try await resolver.resolve(host, port: port)
  }
}
