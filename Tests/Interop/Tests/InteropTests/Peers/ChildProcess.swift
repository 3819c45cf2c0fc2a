import Glibc
import Synchronization

/// A child process: its input, what it prints, and its end.
///
/// Foundation's `Process` now and then misses the end of the output of a process that ends at once.
final class ChildProcess: Sendable {
  /// What the process prints, piece by piece, until it closes its output.
  let output: AsyncStream<[UInt8]>
  /// Its exit status, or 128 and the number of the signal that ended it.
  let status: AsyncStream<Int32>
  /// The id; 0 once the process has ended and the id may be another's.
  private let id: Mutex<pid_t>
  private let input: Mutex<Int32?>

  /// Starts a program.
  init(_ command: [String]) throws {
    let (child, inputDescriptor, descriptor) = try Self.spawning.withLock { _ in try Self.spawn(command) }
    id = Mutex(child)
    input = Mutex(inputDescriptor)
    let (output, outputContinuation) = AsyncStream<[UInt8]>.makeStream()
    let (status, statusContinuation) = AsyncStream<Int32>.makeStream()
    self.output = output
    self.status = status
    // The thread ends with the process, which someone ends in any case.
    Self.startThread { [self] in
      while let piece = Self.read(descriptor) { outputContinuation.yield(piece) }
      close(descriptor)
      outputContinuation.finish()
      statusContinuation.yield(reap())
      statusContinuation.finish()
    }
  }

  /// Closes the process's standard input.
  func closeInput() {
    input.withLock { descriptor in
      if let open = descriptor { close(open) }
      descriptor = nil
    }
  }

  /// Writes to the process's standard input; not more than a pipe holds.
  func write(_ text: String) {
    input.withLock { descriptor in
      guard let descriptor else { return }
      let bytes = Array(text.utf8)
      _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
  }

  /// Asks the process to end.
  func terminate() {
    id.withLock { id in
      if id != 0 { _ = Glibc.kill(id, SIGTERM) }
    }
  }

  /// Kills the process and what it started, unless it has ended.
  func kill() {
    id.withLock { id in
      if id != 0 { _ = Glibc.kill(-id, SIGKILL) }
    }
  }

  /// Waits until the process has ended, and says how.
  private func reap() -> Int32 {
    let child = id.withLock { $0 }
    // Waits without collecting, so that until the id is forgotten it belongs to this process and no other.
    var information = siginfo_t()
    while waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
    return id.withLock { id in
      var status: Int32 = 0
      while waitpid(child, &status, 0) == -1, errno == EINTR {}
      id = 0
      let signal = status & 0x7f
      return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }
  }

  /// Held while there are pipes that a child of another thread would inherit.
  private static let spawning = Mutex(())

  private static func spawn(_ command: [String]) throws -> (id: pid_t, input: Int32, output: Int32) {
    let input = try pipe()
    let output = try pipe()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer {
      close(input.read)
      close(output.write)
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, input.read, 0)
    posix_spawn_file_actions_adddup2(&actions, output.write, 1)
    posix_spawn_file_actions_adddup2(&actions, output.write, 2)
    // A group of its own, so that what the process starts is killed with it.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    defer { for argument in arguments { free(argument) } }
    arguments.append(nil)
    var child: pid_t = 0
    guard posix_spawn(&child, command[0], &actions, &attributes, arguments, environ) == 0 else {
      close(input.write)
      close(output.read)
      throw PeerFailure("cannot start \(command[0])")
    }
    return (child, input.write, output.read)
  }

  private static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { throw PeerFailure("there is no pipe left: error \(errno)") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func read(_ descriptor: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &bytes, bytes.count)
      if count > 0 { return Array(bytes[..<count]) }
      if count == 0 || errno != EINTR { return nil }
    }
  }

  private static func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body)).toOpaque()
    let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { box in
      if let box { Unmanaged<Box>.fromOpaque(box).takeRetainedValue().body() }
      return nil
    }
    if pthread_create(&thread, nil, start, box) == 0 { pthread_detach(thread) }
  }
}
