import CSeaThriftSystem
import Glibc
import SeaThriftTime

/// Linux's `epoll(7)`, woken by an `eventfd(2)`.
final class EpollPoller: Poller {
  /// How many events one wait takes at most.
  private static let eventsPerWait = 512
  /// Of the event that wakes.
  private static let wakeToken = UInt64.max

  private let epoll: Int32
  private let wakeEvent: Int32
  private let events: UnsafeMutablePointer<epoll_event>

  init() throws(SocketError) {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { throw SocketError(errno: errno, during: "epoll_create1") }
    wakeEvent = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard wakeEvent >= 0 else {
      let number = errno
      Glibc.close(epoll)
      throw SocketError(errno: number, during: "eventfd")
    }
    events = .allocate(capacity: Self.eventsPerWait)
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

  func watch(_ descriptor: Int32, token: UInt64) throws(SocketError) {
    var event = epoll_event()
    event.events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
    event.data.u64 = token
    guard epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
      throw SocketError(errno: errno, during: "epoll_ctl")
    }
  }

  /// Nothing: the kernel ends the watch when the descriptor is closed, which no other refers to.
  func forget(_ descriptor: Int32) {}

  func wakeUp() {
    var one: UInt64 = 1
    // Every write is an event, as the watch is edge-triggered. So nobody reads the counter, which would be one more
    // system call for each wake-up; its 64 bits are full after centuries.
    _ = Glibc.write(wakeEvent, &one, 8)
  }

  func wait(_ timeout: Duration?, _ report: (UInt64, PolledEvents) -> Void) {
    let count = epoll_wait(epoll, events, Int32(Self.eventsPerWait), Self.milliseconds(timeout))
    // EINTR leaves nothing to do but another turn.
    guard count > 0 else { return }
    for index in 0..<Int(count) where events[index].data.u64 != Self.wakeToken {
      report(events[index].data.u64, PolledEvents(epoll: events[index].events))
    }
  }

  /// Rounded up, so that the loop does not spin just before a deadline.
  private static func milliseconds(_ timeout: Duration?) -> Int32 {
    guard let timeout else { return -1 }
    let left = timeout.wholeNanoseconds
    return left <= 0 ? 0 : Int32(min((left - 1) / 1_000_000 + 1, 3_600_000))
  }
}

extension PolledEvents {
  @inline(__always)
  fileprivate init(epoll bits: UInt32) {
    let broken = EPOLLHUP.rawValue | EPOLLERR.rawValue
    let closed = broken | EPOLLRDHUP.rawValue
    self = []
    if bits & (EPOLLIN.rawValue | closed) != 0 { insert(.readable) }
    if bits & (EPOLLOUT.rawValue | broken) != 0 { insert(.writable) }
    if bits & closed != 0 { insert(.peerClosed) }
  }
}
