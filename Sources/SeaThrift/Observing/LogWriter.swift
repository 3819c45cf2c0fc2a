import Glibc
import SeaThriftSockets
import SeaThriftTime

/// Writes lines to a descriptor from a thread of its own, so that a reader that stands still holds up no event loop.
///
/// Lines wait in a queue that is bounded; what does not fit is dropped, and counted in a line when there is room again. Of
/// many lines of one kind some are written, and the others counted ([RepeatedLines]). The thread ends when there is nothing
/// to write or to report; what waits when the process exits has half a second.
final class LogWriter: Sendable {
  /// What all of the process writes to standard error.
  static let standardError: LogWriter = {
    atexit { LogWriter.standardError.flush() }
    return LogWriter(descriptor: STDERR_FILENO)
  }()

  private static let mostLines = 1_000
  private static let mostBytes = 1 << 20

  private struct State {
    var lines: [String] = []
    var bytes = 0
    var dropped = 0
    var repeats = RepeatedLines()
    var hasThread = false
    var isWriting = false
  }

  private let descriptor: Int32
  private let state = Lock(State())

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Writes a line, soon; or counts it.
  ///
  /// - Parameters:
  ///   - kind: What the line is about; says so when others like it are counted.
  ///   - line: Control characters become spaces: text from errors must not be able to forge lines.
  func write(_ kind: String, _ line: @autoclosure () -> String) {
    let now = TimeSource.system.now
    guard state.withLock({ $0.repeats.mayWrite(kind, at: now) }) else { return startThread() }
    let text = Self.safe(line())
    state.withLock { state in
      guard state.lines.count < Self.mostLines, state.bytes + text.utf8.count <= Self.mostBytes else {
        state.dropped += 1
        return
      }
      state.lines.append(text)
      state.bytes += text.utf8.count
    }
    startThread()
  }

  private static func safe(_ line: String) -> String {
    String(line.prefix(4_000).unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : Character($0) })
  }

  private func startThread() {
    let isFirst = state.withLock { state in
      defer { state.hasThread = true }
      return !state.hasThread
    }
    guard isFirst else { return }
    do throws(SocketError) {
      try SystemThread.start("thrift-log") { self.work() }
    } catch {
      // No thread: what waits is written by the next one.
      state.withLock { $0.hasThread = false }
    }
  }

  // MARK: The thread

  private enum Step {
    case write(String)
    case wait(Duration)
    case end
  }

  private func work() {
    // A reader that has gone must not end the process: the write fails instead.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    while true {
      switch nextStep() {
      case .write(let text):
        Self.writeAll(Array(text.utf8), to: descriptor)
        state.withLock { $0.isWriting = false }
      case .wait(let duration): usleep(UInt32(clamping: min(duration.wholeNanoseconds / 1_000, 200_000)))
      case .end: return
      }
    }
  }

  private func nextStep() -> Step {
    let now = TimeSource.system.now
    return state.withLock { state in
      var text = state.lines.map { "SeaThrift: \($0)\n" }.joined()
      state.lines = []
      state.bytes = 0
      if state.dropped > 0 { text += "SeaThrift: \(state.dropped) lines were dropped, as nobody read this log\n" }
      state.dropped = 0
      for (kind, count) in state.repeats.takeEnded(at: now) {
        text += "SeaThrift: \(count) more lines about \(kind.isEmpty ? "other things" : Self.safe(kind))\n"
      }
      if !text.isEmpty {
        state.isWriting = true
        return .write(text)
      }
      if let report = state.repeats.nextReport { return .wait(now.duration(to: report)) }
      state.hasThread = false
      return .end
    }
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        usleep(10_000)
      } else if errno != EINTR {
        return
      }
    }
  }

  /// Waits until what waits is written, half a second at most.
  func flush() {
    for _ in 0..<50 {
      if state.withLock({ $0.lines.isEmpty && !$0.isWriting }) { return }
      usleep(10_000)
    }
  }
}
