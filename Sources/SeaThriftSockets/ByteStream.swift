package import SeaThriftTime

/// One end of a connected, ordered, reliable stream of bytes, confined to one event loop.
///
/// Operations try at once and report when they would have to wait; waiting is separate, so that the common case, where
/// the bytes are there or the kernel takes them, never suspends. Readiness is edge-triggered: it is remembered here
/// until an operation finds that there is nothing left.
///
/// Being confined to a thread, its properties need no check for overlapping access at run time, which would cost more
/// than what most operations do (`@exclusivity(unchecked)`).
package class ByteStream: @unchecked Sendable {
  // @unchecked: confined to the loop's thread, save `abort(_:)`, which hops there.

  package let loop: EventLoop
  /// The other side, for messages and logs.
  package let peer: SocketAddress

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
  /// Whether this side has closed the stream.
  @exclusivity(unchecked) package private(set) var isClosed = false

  init(loop: EventLoop, peer: SocketAddress) {
    self.loop = loop
    self.peer = peer
  }

  // MARK: What a subclass supplies

  /// Reads what is there; `nil` when nothing is.
  func receive(into bytes: UnsafeMutableRawBufferPointer) throws(SocketError) -> Int? { subclassMustOverride() }
  /// Sends what fits; `nil` when nothing does.
  func send(_ bytes: UnsafeRawBufferPointer) throws(SocketError) -> Int? { subclassMustOverride() }
  /// Starts the watch for readiness, on the loop.
  func register() throws(SocketError) { subclassMustOverride() }
  /// Lets go of the underlying socket.
  func release() { subclassMustOverride() }
  /// Ends this side's sending.
  func shutdownSending() { subclassMustOverride() }

  private func subclassMustOverride() -> Never { fatalError("ByteStream is abstract: only its subclasses are made") }

  // MARK: Operations

  /// Joins the loop, which keeps the stream until it is closed; must be called there, once, before anything else.
  package func open() throws(SocketError) { try register() }

  /// Reads up to `bytes.count` bytes. 0 is the end of the stream; `nil` means that nothing is there yet.
  package func read(into bytes: UnsafeMutableRawBufferPointer) throws(SocketError) -> Int? {
    loop.assertIsCurrent()
    if let failure { throw failure }
    guard mayRead, let count = try receive(into: bytes) else {
      mayRead = false
      return nil
    }
    // A short read has emptied the socket, so the next one would only learn that: epoll(7), question 9. The end of the
    // stream announces itself by an event of its own, which `isPeerClosed` remembers.
    if count > 0, count < bytes.count, !isPeerClosed { mayRead = false }
    return count
  }

  /// Writes as much of `bytes` as fits now; `nil` when nothing does.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(SocketError) -> Int? {
    loop.assertIsCurrent()
    if let failure { throw failure }
    guard mayWrite, let count = try send(bytes) else {
      mayWrite = false
      return nil
    }
    if count < bytes.count { mayWrite = false }
    return count
  }

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
    await withUnsafeContinuation { continuation in
      if mayWrite || failure != nil { continuation.resume() } else { writer = continuation }
    }
    if let failure { throw failure }
  }

  /// Whether a read would find bytes or the end of the stream, as far as the loop knows.
  package var mayBeReadable: Bool { mayRead }

  /// Ends every wait, now and later, with `error`. May be called from any thread.
  package func abort(_ error: SocketError) {
    loop.execute { self.fail(error) }
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
  /// throw. When `deadline` comes first, `timer` must make reading throw; when the task is cancelled, it throws too.
  ///
  /// It is all that is around the wait for a reply, in one function that is not generic, for that is what a call spends
  /// its time with.
  package func read(
    until deadline: Instant, with timer: RaceTimer, isolation: isolated (any Actor)? = #isolation, isDone: () -> Bool
  ) async {
    if isDone() { return }
    let use = use
    await withTaskCancellationHandler {
      await race(until: deadline, with: timer) {
        _ = isolation
        repeat { await withUnsafeContinuation { resumeWhenReadable($0) } } while !isDone()
      }
    } onCancel: {
      abort(use: use)
    }
    self.use &+= 1
  }

  /// Ends this side's sending; the other side reads the end of the stream.
  package func finishWriting() {
    if !isClosed { shutdownSending() }
  }

  /// Closes the stream. Waits in progress end with an error. Harmless when repeated.
  package func close() {
    guard !isClosed else { return }
    isClosed = true
    onPeerClosed = nil
    release()
    fail(SocketError(.closed, "the connection was closed"))
  }

  private func fail(_ error: SocketError) {
    if failure == nil { failure = error }
    markReadable()
    markWritable()
  }

  // MARK: Events, from the subclass

  func markReadable() {
    mayRead = true
    if let waiter = reader {
      reader = nil
      waiter.resume()
    }
  }

  func markWritable() {
    mayWrite = true
    if let waiter = writer {
      writer = nil
      waiter.resume()
    }
  }

  /// The other side ended its stream, or the connection broke.
  func markPeerClosed() {
    guard !isPeerClosed else { return }
    isPeerClosed = true
    let tell = onPeerClosed
    onPeerClosed = nil
    tell?()
  }

  /// Makes a stream that is still connecting wait for its first writability.
  func expectWritabilityEvent() { mayWrite = false }
}
