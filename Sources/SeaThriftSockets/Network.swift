import Glibc
import SeaThriftTime
import Synchronization

/// The transport below clients and servers: event loops, one thread each, and the streams of bytes that they open and accept.
///
/// They are the kernel's TCP and domain sockets, or those of a simulated network in virtual time. Copies share the loops.
public struct Network: Sendable {
  package let loops: [EventLoop]
  private let shared: Shared

  /// What all copies have in common.
  private final class Shared: Sendable {
    /// Hands out the loops in turn.
    let next = Atomic<Int>(0)
    /// The loop that only accepts connections, once there is one.
    let acceptor: Lock<EventLoop?>
    /// Makes that loop; nil where one of the others serves.
    let resolver: NameResolver?

    init(acceptor: EventLoop?, resolver: NameResolver?) {
      self.acceptor = Lock(acceptor)
      self.resolver = resolver
    }
  }

  /// Loops that somebody else drives.
  init(driven loops: [EventLoop]) {
    self.loops = loops
    shared = Shared(acceptor: loops[0], resolver: nil)
  }

  /// The loop whose turn it is.
  package var nextLoop: EventLoop {
    loops[shared.next.wrappingAdd(1, ordering: .relaxed).oldValue & .max % loops.count]
  }

  /// The loop for accepting connections: a thread of its own, so that no handler keeps new clients waiting, whichever
  /// loop it holds up. Made when it is first needed.
  package func acceptorLoop() throws(SocketError) -> EventLoop {
    try shared.acceptor.withLock { acceptor throws(SocketError) in
      if let acceptor { return acceptor }
      guard let resolver = shared.resolver else { return loops[0] }
      let loop = try KernelSystem.startLoop("thrift-accept", resolver: resolver)
      acceptor = loop
      return loop
    }
  }

  /// As ``EventLoop/takesLogLine(_:)``.
  package func takesLogLine(_ line: @autoclosure () -> String) -> Bool { loops[0].takesLogLine(line()) }

  /// The network of this task: the process's own, unless a simulation put its own in place.
  @TaskLocal public static var current = Network.shared

  /// The kernel's network with one event loop for each processor that the process may use, made at first use; it lives as
  /// long as the process. It raises the process's limit of descriptors to what it may be.
  public static let shared: Network = {
    do throws(NetworkError) {
      return try Network(loopCount: UsableProcessors.count)
    } catch {
      // The first use of the network in a process that cannot open three descriptors: nothing could go on.
      fatalError("SeaThrift cannot start its event loops: \(error)")
    }
  }()

  /// The kernel's network with event loops of its own, one thread each.
  ///
  /// - Parameters:
  ///   - loopCount: 1 to 1,024.
  ///   - raisesDescriptorLimit: whether the process's soft limit of open files is raised to the hard one, as connections
  ///     are files. Not for programs that use `select(2)`. Default `true`.
  /// - Throws: ``NetworkError`` for another count, or when the system gives no thread or descriptor.
  public init(loopCount: Int, raisesDescriptorLimit: Bool = true) throws(NetworkError) {
    guard (1...1024).contains(loopCount) else {
      throw NetworkError("loopCount is 1 to 1024, not \(loopCount)")
    }
    if raisesDescriptorLimit { Descriptors.raiseLimit() }
    let resolver = NameResolver()
    var loops: [EventLoop] = []
    do throws(SocketError) {
      for index in 0..<loopCount {
        loops.append(try KernelSystem.startLoop("thrift-loop-\(index)", resolver: resolver))
      }
    } catch {
      for loop in loops { loop.system(as: KernelSystem.self)?.stop() }
      throw NetworkError(error.message)
    }
    self.loops = loops
    shared = Shared(acceptor: nil, resolver: resolver)
  }

  /// Ends the threads of the loops. Everything that runs on them must have ended before; never call it on ``shared``.
  public func shutDown() {
    for loop in loops { loop.system(as: KernelSystem.self)?.stop() }
    shared.acceptor.withLock { $0 }?.system(as: KernelSystem.self)?.stop()
  }
}

/// The network could not be started.
public struct NetworkError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The value that is out of its range, or what the operating system refused.
  public let description: String

  package init(_ description: String) { self.description = description }
}
