package import SeaThriftTime

/// One end of a connection: an ordered, reliable stream of bytes over some transport, confined to one event loop.
///
/// Operations try at once and report when they would have to wait; waiting is separate, so that the common case, where
/// the bytes are there or the kernel takes them, never suspends. Readiness is edge-triggered: it is remembered here
/// until an operation finds that there is nothing left.
///
/// What carries the bytes is a ``Socket``: the kernel's, a simulated one, or one around another.
///
/// Being confined to a thread, its properties need no check for overlapping access at run time, which would cost more
/// than what most operations do (`@exclusivity(unchecked)`).
package final class ByteStream: @unchecked Sendable {
  // @unchecked: confined to the loop's thread, save `abort(_:)`, which hops there.

  private enum State {
    /// Nobody is told of events yet.
    case new
    /// ``Socket/continueOpening()`` is not done.
    case opening
    case open
    case closed
  }

  package let loop: EventLoop
  private let socket: any Socket
  private let shortReadEmpties: Bool

  @exclusivity(unchecked) private var state = State.new
  @exclusivity(unchecked) private var mayRead = true
  @exclusivity(unchecked) private var mayWrite = true
  @exclusivity(unchecked) private var reader: UnsafeContinuation<Void, Never>?
  @exclusivity(unchecked) private var writer: UnsafeContinuation<Void, Never>?
  @exclusivity(unchecked) private var failure: SocketError?
  @exclusivity(unchecked) private var use: UInt64 = 0

  /// Called once, on the loop, when the other side has ended its stream or the connection broke.
  ///
  /// Bytes sent before may still be unread.
  @exclusivity(unchecked) package var onPeerClosed: (() -> Void)?
  /// Whether the other side has ended its stream or the connection broke.
  @exclusivity(unchecked) package private(set) var isPeerClosed = false

  package init(_ socket: any Socket, on loop: EventLoop) {
    self.socket = socket
    self.loop = loop
    shortReadEmpties = socket.shortReadEmpties
  }

  deinit {
    // Only one that was never opened gets here without being closed: a socket that is started keeps its observer.
    if case .new = state { socket.close() }
  }

  /// The other side, for messages and logs.
  package var peer: SocketAddress { socket.peer }

  /// Whether this side has closed the stream.
  package var isClosed: Bool { if case .closed = state { true } else { false } }

  /// Whether the stream has failed, or has been told to: it is of no use any more.
  package var hasFailed: Bool { failure != nil }

  /// Throws what reading would throw, when the stream is of no use any more.
  package func checkUsable() throws(SocketError) {
    if let failure { throw failure }
  }

  // MARK: Opening

  /// Joins the loop, which keeps the stream until it is closed, and waits until it can be used; must be called there,
  /// once, before anything else. A stream that cannot be opened until `deadline`, or whose task is cancelled meanwhile, is
  /// closed.
  package func open(
    until deadline: Instant = .distantFuture, isolation: isolated (any Actor)? = #isolation
  ) async throws(SocketError) {
    loop.assertIsCurrent()
    state = .opening
    do throws(SocketError) {
      try socket.start(self)
      try await abortingOnCancel { () throws(SocketError) in
        _ = isolation
        // What is told after a step began is news, however late the task comes to waiting for it.
        mayRead = false
        if try socket.continueOpening() { return }
        var isOpen: Result<Bool, SocketError> = .success(false)
        await race(until: deadline, waking: self, on: loop) {
          _ = isolation
          do throws(SocketError) {
            repeat {
              try await waitUntilReadable()
              mayRead = false
              isOpen = .success(try socket.continueOpening())
            } while try !isOpen.get() && loop.now < deadline
          } catch {
            isOpen = .failure(error)
          }
        }
        if try !isOpen.get() { throw SocketError(.timedOut, "\(peer) did not answer in time") }
      }
      if let failure { throw failure }
    } catch {
      close()
      throw error
    }
    state = .open
    // Whatever was told so far was about opening.
    mayRead = true
    mayWrite = true
  }

  // MARK: Operations

  /// Reads up to `bytes.count` bytes. 0 is the end of the stream; `nil` means that nothing is there yet.
  package func read(into bytes: UnsafeMutableRawBufferPointer) throws(SocketError) -> Int? {
    loop.assertIsCurrent()
    if let failure { throw failure }
    guard mayRead, let count = try socket.read(into: bytes) else {
      mayRead = false
      return nil
    }
    // A short read may have emptied the socket, so that the next one would only learn that: epoll(7), question 9. The
    // end of the stream announces itself by an event of its own, which `isPeerClosed` remembers.
    if count > 0, count < bytes.count, shortReadEmpties, !isPeerClosed { mayRead = false }
    return count
  }

  /// Writes as much of `bytes` as fits now; `nil` when nothing does.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(SocketError) -> Int? {
    loop.assertIsCurrent()
    if let failure { throw failure }
    guard mayWrite, let count = try socket.write(bytes) else {
      mayWrite = false
      return nil
    }
    if count < bytes.count, shortReadEmpties { mayWrite = false }
    return count
  }

  /// Whether a read would find bytes or the end of the stream, as far as the loop knows.
  package var mayBeReadable: Bool { mayRead }

  /// Ends this side's sending; the other side reads the end of the stream.
  package func finishWriting() {
    if case .open = state { socket.finishWriting() }
  }

  /// Ends every wait, now and later, with `error`. May be called from any thread.
  package func abort(_ error: SocketError) {
    loop.execute { self.fail(error) }
  }

  /// Closes the stream. Waits in progress end with an error. Harmless when repeated.
  package func close() {
    if case .closed = state { return }
    state = .closed
    onPeerClosed = nil
    socket.close()
    fail(SocketError(.closed, "the connection was closed"))
  }

  private func fail(_ error: SocketError) {
    if failure == nil { failure = error }
    markReadable()
    markWritable()
  }

  private func markReadable() {
    mayRead = true
    if let waiter = reader {
      reader = nil
      waiter.resume()
    }
  }

  private func markWritable() {
    mayWrite = true
    if let waiter = writer {
      writer = nil
      waiter.resume()
    }
  }

  // MARK: Waiting

  /// Suspends until a read may find something. Returns at once when it may already.
  package func waitUntilReadable() async throws(SocketError) {
    if let failure { throw failure }
    if mayRead { return }
    await withUnsafeContinuation { resumeWhenReadable($0) }
    if let failure { throw failure }
  }

  /// Resumes `continuation` when a read may find something, or would throw.
  ///
  /// For a caller that suspends by itself, to be one call closer to what it waits for than by ``waitUntilReadable()``.
  package func resumeWhenReadable(_ continuation: UnsafeContinuation<Void, Never>) {
    // Looked at again: the task may have been suspended on its way here, while the event came.
    if mayRead || failure != nil { continuation.resume() } else { reader = continuation }
  }

  /// Suspends until a write may succeed. Returns at once when it may already.
  package func waitUntilWritable() async throws(SocketError) {
    if let failure { throw failure }
    if mayWrite { return }
    await withUnsafeContinuation { resumeWhenWritable($0) }
    if let failure { throw failure }
  }

  /// Resumes `continuation` when a write may succeed, or would throw.
  package func resumeWhenWritable(_ continuation: UnsafeContinuation<Void, Never>) {
    if mayWrite || failure != nil { continuation.resume() } else { writer = continuation }
  }

  /// Runs `body`; when the task is cancelled meanwhile, every wait on the stream ends with the error `cancelled`.
  ///
  /// A cancellation that comes from another thread may reach the loop when `body` has ended and somebody else uses the
  /// stream; the number of the use keeps it from them.
  package func abortingOnCancel<Value, Failure: Error>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let use = use
    let result: Result<Value, Failure> = await withTaskCancellationHandler {
      _ = isolation
      do throws(Failure) {
        return .success(try await body())
      } catch {
        return .failure(error)
      }
    } onCancel: {
      abort(use: use)
    }
    self.use &+= 1
    return try result.get()
  }

  private func abort(use: UInt64) {
    loop.execute {
      if self.use == use { self.fail(SocketError(.cancelled, "the task was cancelled")) }
    }
  }

  /// Reads until `isDone` says that it was enough: it is asked at once, and whenever a read may find something or would
  /// throw. When `deadline` comes first, it is asked for a last time, and then the stream fails with the code `timedOut`;
  /// when the task is cancelled, reading throws.
  ///
  /// It is all that is around the wait for a reply, in one function that is not generic, for that is what a call spends
  /// its time with.
  ///
  /// - Parameter timer: That of the race around; nil when there is no deadline.
  package func read(
    until deadline: Instant, with timer: RaceTimer?, isolation: isolated (any Actor)? = #isolation, isDone: () -> Bool
  ) async {
    if isDone() { return }
    assert(timer != nil || deadline == .distantFuture, "nobody ends this wait")
    let use = use
    timer?.arm(until: deadline, waking: self)
    await withTaskCancellationHandler {
      _ = isolation
      repeat {
        await withUnsafeContinuation { resumeWhenReadable($0) }
        if isDone() { return }
      } while timer?.hasFired != true
      fail(SocketError(.timedOut, "the time is over"))
      _ = isDone()
    } onCancel: {
      abort(use: use)
    }
    timer?.disarm()
    self.use &+= 1
  }
}

// MARK: - Events

extension ByteStream: TimedWaiter {
  /// Whoever waits looks once more, though nothing was told: what has arrived is read before it is judged.
  package func timeIsOver() {
    markReadable()
    markWritable()
  }
}

extension ByteStream: SocketObserver {
  package func socketIsReadable() { markReadable() }

  package func socketIsWritable() {
    // Whoever opens waits for anything at all.
    if case .opening = state { markReadable() }
    markWritable()
  }

  package func socketPeerClosed() {
    guard !isPeerClosed else { return }
    isPeerClosed = true
    let tell = onPeerClosed
    onPeerClosed = nil
    tell?()
  }
}
