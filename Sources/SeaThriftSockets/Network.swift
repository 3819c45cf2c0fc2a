import Glibc
import Synchronization

/// The event loops a client or a server runs on: the kernel's network, or a simulated one.
public struct Network: Sendable {
  package let loops: [EventLoop]
  private let turn: Turn

  /// Hands out the loops in turn.
  private final class Turn: Sendable {
    let next = Atomic<Int>(0)
  }

  package init(loops: [EventLoop]) {
    self.loops = loops
    turn = Turn()
  }

  /// The loop whose turn it is.
  package var nextLoop: EventLoop {
    loops[turn.next.wrappingAdd(1, ordering: .relaxed).oldValue & .max % loops.count]
  }

  /// The network of this task: the process's own, unless a simulation put its own in place.
  @TaskLocal public static var current = Network.shared

  /// The kernel's network with one event loop for each processor, made at first use; it lives as long as the process.
  public static let shared: Network = {
    do throws(NetworkError) {
      return try Network(loopCount: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
    } catch {
      // The first use of the network in a process that cannot open three descriptors: nothing could go on.
      fatalError("SeaThrift cannot start its event loops: \(error)")
    }
  }()

  /// The kernel's network with event loops of its own, one thread each.
  ///
  /// - Parameter loopCount: 1 to 1,024.
  /// - Throws: ``NetworkError`` for another count, or when the system gives no thread or descriptor.
  public init(loopCount: Int) throws(NetworkError) {
    guard (1...1024).contains(loopCount) else {
      throw NetworkError("loopCount is 1 to 1024, not \(loopCount)")
    }
    let resolver = NameResolver()
    var loops: [EpollEventLoop] = []
    do throws(SocketError) {
      for _ in 0..<loopCount {
        let loop = try EpollEventLoop(resolver: resolver)
        try loop.start()
        loops.append(loop)
      }
    } catch {
      for loop in loops { loop.stop() }
      throw NetworkError(error.message)
    }
    self.init(loops: loops)
  }

  /// Ends the threads of the loops. Everything that runs on them must have ended before; never call it on ``shared``.
  public func shutDown() {
    for case let loop as EpollEventLoop in loops { loop.stop() }
  }
}

/// The network could not be started.
public struct NetworkError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public let description: String

  package init(_ description: String) { self.description = description }
}
