import CSeaThriftSystem
import Glibc
package import SeaThriftTime

/// The event loop on Linux's kernel: one thread, one epoll instance, one `eventfd` to wake it.
package final class EpollEventLoop: EventLoop, @unchecked Sendable {
  // @unchecked, as its superclass: confined to its thread.

  /// How many events one wait takes at most.
  private static let eventsPerWait = 512

  private let epoll: Int32
  private let wakeEvent: Int32
  @exclusivity(unchecked) private var sources: [Source] = []
  @exclusivity(unchecked) private var freeSlots: [UInt32] = []
  private let events: UnsafeMutablePointer<epoll_event>
  @exclusivity(unchecked) private var generator: SeededGenerator
  @exclusivity(unchecked) private var isStopping = false
  private let resolver: NameResolver

  private struct Source {
    /// Kept alive while it is watched: whoever opens a stream must close it. A weak reference would cost as much as all
    /// else that is done for an event here.
    var stream: SocketStream?
    /// Of a listener that is gone, the descriptor is closed by its `deinit`.
    weak var listener: SocketListener?
    var generation: UInt32 = 0
  }

  /// Opens the descriptors; the loop runs once ``start()`` is called.
  package init(resolver: NameResolver) throws(SocketError) {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { throw SocketError(errno: errno, during: "epoll_create1") }
    wakeEvent = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard wakeEvent >= 0 else {
      let number = errno
      Glibc.close(epoll)
      throw SocketError(errno: number, during: "eventfd")
    }
    events = .allocate(capacity: Self.eventsPerWait)
    var system = SystemRandomNumberGenerator()
    generator = SeededGenerator(seed: system.next())
    self.resolver = resolver
    super.init()
    var event = epoll_event()
    event.events = EPOLLIN.rawValue | EPOLLET.rawValue
    event.data.u64 = Self.wakeToken
    epoll_ctl(epoll, EPOLL_CTL_ADD, wakeEvent, &event)
  }

  deinit {
    Glibc.close(epoll)
    Glibc.close(wakeEvent)
    events.deallocate()
  }

  /// Starts the loop's thread, which keeps the loop alive until ``stop()``.
  package func start() throws(SocketError) {
    var thread = pthread_t()
    let retained = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<EpollEventLoop>.fromOpaque(argument).takeRetainedValue().runUntilStopped()
        return nil
      }, retained.toOpaque())
    guard status == 0 else {
      retained.release()
      throw SocketError(errno: status, during: "pthread_create")
    }
    pthread_detach(thread)
  }

  /// Ends the loop's thread after the turn it is in. Nothing may be using the loop any more.
  package func stop() {
    execute { self.isStopping = true }
  }

  private func runUntilStopped() {
    takeOwnership()
    while !isStopping { runTurn() }
  }

  // MARK: Time and randomness

  package override var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
  }

  package override func random() -> UInt64 { generator.next() }

  // MARK: Waiting

  private static let wakeToken = UInt64.max

  override func wakeUp() {
    var one: UInt64 = 1
    // Every write is an event, as the watch is edge-triggered. So nobody reads the counter, which would be one more
    // system call for each wake-up; its 64 bits are full after centuries.
    _ = Glibc.write(wakeEvent, &one, 8)
  }

  override func waitForEvents(until deadline: Instant?) {
    let count = epoll_wait(epoll, events, Int32(Self.eventsPerWait), timeout(until: deadline))
    // EINTR leaves nothing to do but another turn.
    guard count > 0 else { return }
    for index in 0..<Int(count) {
      let event = events[index]
      if event.data.u64 == Self.wakeToken { continue }
      let slot = Int(event.data.u64 & 0xFFFF_FFFF)
      guard sources[slot].generation == UInt32(event.data.u64 >> 32) else { continue }
      if let stream = sources[slot].stream {
        stream.handle(events: event.events)
      } else {
        sources[slot].listener?.markAcceptable()
      }
    }
  }

  /// Milliseconds until `deadline`, rounded up so that the loop does not spin just before it.
  private func timeout(until deadline: Instant?) -> Int32 {
    guard let deadline else { return -1 }
    if deadline == .origin { return 0 }
    let left = deadline.nanoseconds - now.nanoseconds
    return left <= 0 ? 0 : Int32(min((left + 999_999) / 1_000_000, 3_600_000))
  }

  // MARK: Registration

  /// Watches the descriptor of a stream for both directions, edge-triggered, until it is closed.
  func register(_ descriptor: Int32, for stream: SocketStream) throws(SocketError) -> UInt32 {
    let slot = freeSlot()
    sources[Int(slot)].stream = stream
    try watch(descriptor, at: slot)
    return slot
  }

  /// Watches the descriptor of a listener until it is closed.
  func register(_ descriptor: Int32, for listener: SocketListener) throws(SocketError) -> UInt32 {
    let slot = freeSlot()
    sources[Int(slot)].listener = listener
    try watch(descriptor, at: slot)
    return slot
  }

  private func freeSlot() -> UInt32 {
    if let free = freeSlots.popLast() { return free }
    sources.append(Source())
    return UInt32(sources.count - 1)
  }

  private func watch(_ descriptor: Int32, at slot: UInt32) throws(SocketError) {
    var event = epoll_event()
    event.events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
    event.data.u64 = UInt64(sources[Int(slot)].generation) << 32 | UInt64(slot)
    guard epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
      let number = errno
      forget(slot)
      throw SocketError(errno: number, during: "epoll_ctl")
    }
  }

  /// Forgets a registration; the descriptor must be closed next, which ends the kernel's side of it.
  func forget(_ slot: UInt32) {
    sources[Int(slot)].stream = nil
    sources[Int(slot)].listener = nil
    sources[Int(slot)].generation &+= 1
    freeSlots.append(slot)
  }

  /// Closes the descriptor of an owner that is gone without having closed it, on whichever thread that was.
  func abandon(_ descriptor: Int32, slot: UInt32?) {
    execute {
      if let slot { self.forget(slot) }
      Glibc.close(descriptor)
    }
  }

  // MARK: Sockets

  package override func connect(to address: SocketAddress) async throws(SocketError) -> ByteStream {
    try await SocketStream.connect(to: address, on: self)
  }

  package override func listen(on address: SocketAddress, backlog: Int) throws(SocketError) -> Listener {
    try SocketListener(listeningOn: address, backlog: backlog, loop: self)
  }

  package override func resolve(_ host: String, port: UInt16) async throws(SocketError) -> [SocketAddress] {
    try await resolver.resolve(host, port: port, on: self)
  }
}
