import Resilience
import SeaThriftSockets
import SeaThriftTime

/// What a call waits for that needs a connection.
typealias ConnectionSignal = Signal<Result<PoolStateMachine.ConnectionID, RPCError>>

extension Endpoint {
  /// A connection for one call that nobody uses, if there is one.
  func idleConnection() -> PoolStateMachine.ConnectionID? {
    while let id = pool.acquireIdle() {
      if connections[id.slot]?.isReusable == true { return id }
      // The endpoint has closed it, and the loop has not come to telling us yet.
      giveBack(id)
    }
    return nil
  }

  /// A connection for one call, which must be given back by ``giveBack(_:)``.
  ///
  /// - Parameters:
  ///   - idle: that of ``idleConnection()``, which may await answers to calls before.
  ///   - mayConnect: whether to have one made rather than wait for one.
  ///   - timer: that of the race that the attempt is in.
  func connection(
    _ idle: PoolStateMachine.ConnectionID?, for call: ClientCall, _ timeouts: Timeouts, until limit: Instant,
    mayConnect: Bool, with timer: RaceTimer?
  ) async throws(RPCError) -> PoolStateMachine.ConnectionID {
    let wait = ConnectionWait(timeouts: timeouts, limit: limit, timer: timer, watch: call.watch)
    var id: PoolStateMachine.ConnectionID
    if let idle { id = idle } else { id = try await perform(pool.acquire(mayConnect: mayConnect), wait) }
    while let connection = connections[id.slot], connection.awaitsAnswer {
      await connection.takeAnswers(timeouts.read, until: limit, with: timer)
      if connection.isReusable { break }
      closeConnection(id)
      if Task.isCancelled {
        giveBack(id)
        throw RPCError(.cancelled, "the task was cancelled", isUnsent: true)
      }
      id = try await perform(pool.replace(id), wait)
    }
    return id
  }

  /// What limits the wait for a connection, and who hears of it.
  private struct ConnectionWait {
    let timeouts: Timeouts
    let limit: Instant
    let timer: RaceTimer?
    let watch: CallWatch?
  }

  private func perform(
    _ acquisition: PoolStateMachine.Acquisition, _ wait: ConnectionWait
  ) async throws(RPCError) -> PoolStateMachine.ConnectionID {
    switch acquisition {
    case .lend(let id): return id
    case .wait(let waiter, let connect):
      let signal = ConnectionSignal()
      waiters[waiter] = signal
      if let connect {
        beginConnecting(connect, wait.timeouts.connect)
      } else if !isLookedUpInVain || pool.counts.leased > 0 {
        return try await waitForFree(signal, as: waiter, wait)
      }
      return try await waitForNew(signal, as: waiter, wait)
    case .refuseFull: throw RPCError(.poolFull, "too many calls wait for a connection", isUnsent: true)
    case .refuseClosed: throw RPCError(.closed, "the endpoint was closed", isUnsent: true)
    }
  }

  /// Ends the use of a connection: it goes to the next who waits, back to the pool, or away.
  func giveBack(_ id: PoolStateMachine.ConnectionID) {
    guard connections[id.slot]?.isReusable == true else {
      closeConnection(id)
      if let connect = pool.discard(id) { beginConnecting(connect, plan.timeouts.connect) }
      return
    }
    perform(pool.release(id, at: loop.now), on: id)
  }

  private func perform(_ release: PoolStateMachine.Release, on id: PoolStateMachine.ConnectionID) {
    var release = release
    // Whoever has just given up is passed over; there may be thousands.
    while case .lend(let grant) = release {
      if waiters.removeValue(forKey: grant.waiter)?.give(.success(grant.connection)) == true { return }
      release = pool.release(grant.connection, at: loop.now)
    }
    switch release {
    case .park: if let due = pool.expiry(of: id) { setReaper(due) }
    case .close(let connect):
      closeConnection(id)
      if let connect { beginConnecting(connect, plan.timeouts.connect) }
    case .lend, .ignore: break
    }
  }

  // MARK: Waiting

  /// Waits for a connection that others use.
  private func waitForFree(
    _ signal: ConnectionSignal, as waiter: WaiterID, _ wait: ConnectionWait
  ) async throws(RPCError) -> PoolStateMachine.ConnectionID {
    let start = loop.now
    var isGranted = false
    defer {
      for observer in configuration.observers {
        observer.poolWaited(start.duration(to: loop.now), endpoint: address, granted: isGranted)
      }
      wait.watch?.ended(.pool, from: start, at: address)
    }
    let timeout = wait.timeouts.pool
    let id = try await granted(signal, as: waiter, wait, timeout) {
      RPCError(.poolTimeout, "no connection became free within \(timeout ?? .zero)", isUnsent: true)
    }
    isGranted = true
    return id
  }

  /// Waits for a connection that is being made, or for one that comes back before.
  private func waitForNew(
    _ signal: ConnectionSignal, as waiter: WaiterID, _ wait: ConnectionWait
  ) async throws(RPCError) -> PoolStateMachine.ConnectionID {
    let start = loop.now
    defer { wait.watch?.ended(.connect, from: start, at: address) }
    let timeout = wait.timeouts.connect
    return try await granted(signal, as: waiter, wait, timeout) {
      var late = RPCError(.connectTimeout, "no connection within \(timeout ?? .zero)", isUnsent: true)
      // Whoever makes the connection finds out what that says about the endpoint, unless there is nowhere to connect to.
      if !isLookedUpInVain || loop.hasStalled(since: start) { late.verdict = .ignorable }
      return late
    }
  }

  /// - Parameter late: the error when the time is over.
  private func granted(
    _ signal: ConnectionSignal, as waiter: WaiterID, _ wait: ConnectionWait, _ timeout: Duration?, late: () -> RPCError
  ) async throws(RPCError) -> PoolStateMachine.ConnectionID {
    let end = min(timeout.map { loop.now.advanced(by: $0) } ?? .distantFuture, wait.limit)
    let outcome: Result<PoolStateMachine.ConnectionID, RPCError>
    do throws(CancellationError) {
      outcome = try await signal.value(until: end, with: wait.timer) ?? .failure(late())
    } catch {
      outcome = .failure(RPCError(.cancelled, "the task was cancelled", isUnsent: true))
    }
    if case .failure = outcome {
      waiters[waiter] = nil
      // False when it was told, or after `close()`: a grant is given before anything else can be.
      _ = pool.waiterLeft(waiter)
    }
    return try outcome.get()
  }

  // MARK: Connecting

  /// Has a connection made, for whoever waits first when it is there, or for the pool. It takes no longer than `timeout`,
  /// besides looking up the name.
  func beginConnecting(_ id: PoolStateMachine.ConnectionID, _ timeout: Duration?) {
    // Awaited by whoever closes the endpoint and waits for it.
    connecting.start(on: loop) { await self.connect(id, timeout) }
  }

  private func connect(_ id: PoolStateMachine.ConnectionID, _ timeout: Duration?) async {
    let start = loop.now
    do throws(SocketError) {
      let stream = try await makeStream(timeout)
      let duration = start.duration(to: loop.now)
      shortestRoundTrip = min(shortestRoundTrip, duration)
      for observer in configuration.observers { observer.connectionOpened(endpoint: address, duration: duration) }
      install(stream, as: id, since: start)
    } catch {
      connectFailed(id, error, isLate: timeout.map { start.advanced(by: $0).duration(to: loop.now) })
    }
  }

  private func makeStream(_ timeout: Duration?) async throws(SocketError) -> ByteStream {
    let interceptors = configuration.interceptors.connection
    if unresolvedSince == nil { unresolvedSince = loop.now }
    let wasResolved: @Sendable () -> Void = { [weak self] in self?.assumeIsolated { $0.unresolvedSince = nil } }
    if interceptors.isEmpty {
      return try await loop.connect(to: address, within: timeout, options, wasResolved: wasResolved)
    }
    let (loop, address, options) = (loop, address, options)
    do {
      return try await intercepted(interceptors, InterceptedStep(connectingTo: address)) {
        try await loop.connect(to: address, within: timeout, options, wasResolved: wasResolved)
      }
    } catch {
      throw error as? SocketError ?? SocketError(.other, "an interceptor refused: \(error)")
    }
  }

  /// Whether the name has not been resolved for so long that it says something: a slow resolver takes less time.
  var isLookedUpInVain: Bool {
    unresolvedSince.map { $0.duration(to: loop.now) >= .seconds(1) } ?? false
  }

  private var options: SocketOptions { SocketOptions(keepalive: configuration.keepalive?.times) }

  /// - Parameter isLate: by how much its time is over.
  private func connectFailed(_ id: PoolStateMachine.ConnectionID, _ error: SocketError, isLate: Duration?) {
    let failure = pool.connectFailed(id)
    if error.code != .cancelled { connectionWasMissed() }
    var told = RPCError(error, timeout: .connectTimeout, isUnsent: true)
    if error.code == .timedOut, let isLate, isLate > EventLoop.stallThreshold { told.verdict = .ignorable }
    if error.code != .cancelled {
      for observer in configuration.observers { observer.connectionFailed(endpoint: address, error: told) }
    }
    let isTold = failure.waiter.flatMap { waiters.removeValue(forKey: $0) }?.give(.failure(told)) == true
    // The call that was told says what it means for the endpoint.
    if !isTold, error.code != .cancelled, configuration.errors.verdict(on: told) == .failure {
      recordFailure()
    }
    if let connect = failure.connect { beginConnecting(connect, plan.timeouts.connect) }
  }

  private func install(_ stream: ByteStream, as id: PoolStateMachine.ConnectionID, since start: Instant) {
    while connections.count <= id.slot { connections.append(nil) }
    let connection = ClientConnection(stream: stream, to: address, configuration: configuration, onewayAnswers)
    connection.began = start
    connections[id.slot] = connection
    stream.onPeerClosed = { [weak self] in
      self?.assumeIsolated { $0.peerClosed(id) }
    }
    var generator = LoopGenerator(loop: loop)
    perform(pool.connected(id, at: loop.now, using: &generator), on: id)
  }

  /// The endpoint ended a connection: an idle one goes at once, one in use when its call finds out.
  private func peerClosed(_ id: PoolStateMachine.ConnectionID) {
    if pool.idleConnectionClosed(id) { closeConnection(id) }
  }

  func closeConnection(_ id: PoolStateMachine.ConnectionID) {
    guard let connection = connections[id.slot] else { return }
    connections[id.slot] = nil
    connection.close()
    connectionIsGone(connection)
    for observer in configuration.observers { observer.connectionClosed(endpoint: address) }
  }

  // MARK: Idle connections

  /// Has idle connections looked at then, unless that is to be before.
  private func setReaper(_ due: Instant) {
    if let reaper {
      guard due < reaper.due else { return }
      loop.cancelTimer(reaper.timer)
    }
    let timer = loop.schedule(
      at: due,
      .call { [weak self] in
        self?.assumeIsolated { $0.reap() }
      })
    reaper = (timer, due)
  }

  private func reap() {
    reaper = nil
    for id in pool.expire(at: loop.now) { closeConnection(id) }
    if let due = pool.nextExpiry { setReaper(due) }
  }
}
