import Resilience
import SeaThriftSockets
import SeaThriftTime

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
  func acquireConnection(
    _ timeouts: Timeouts, until limit: Instant, mayConnect: Bool = true, watchedBy shadow: ShadowedCall?
  ) async throws(RPCError) -> PoolStateMachine.ConnectionID {
    while true {
      switch pool.acquire(mayConnect: mayConnect) {
      case .lend(let id):
        if connections[id.slot]?.isReusable == true { return id }
        // The endpoint has closed it, and the loop has not come to telling us yet.
        giveBack(id)
      case .connect(let id):
        try await connect(id, timeouts.connect, until: limit, watchedBy: shadow)
        return id
      case .wait(let waiter): return try await wait(as: waiter, timeouts, until: limit, watchedBy: shadow)
      case .refuseFull: throw RPCError(.poolFull, "too many calls wait for a connection", isUnsent: true)
      case .refuseClosed: throw RPCError(.closed, "the endpoint was closed", isUnsent: true)
      }
    }
  }

  /// Ends the use of a connection: it goes to the next who waits, back to the pool, or away.
  func giveBack(_ id: PoolStateMachine.ConnectionID) {
    guard connections[id.slot]?.isReusable == true else {
      closeConnection(id)
      deliver(pool.discard(id))
      return
    }
    perform(pool.release(id, at: loop.now), on: id)
  }

  func perform(_ release: PoolStateMachine.Release, on id: PoolStateMachine.ConnectionID) {
    switch release {
    case .park: setReaper()
    case .lend(let grant): deliver(grant)
    case .close(let grant):
      closeConnection(id)
      deliver(grant)
    case .ignore: break
    }
  }

  // MARK: Waiting

  private func wait(
    as waiter: WaiterID, _ timeouts: Timeouts, until limit: Instant, watchedBy shadow: ShadowedCall?
  ) async throws(RPCError) -> PoolStateMachine.ConnectionID {
    let promise = LoopPromise<PoolStateMachine.Grant>(on: loop)
    waiters[waiter] = promise
    let timeout = timeouts.pool
    let start = loop.now
    let grant: PoolStateMachine.Grant
    do throws(SocketError) {
      grant = try await race(until: min(timeout.map { start.advanced(by: $0) } ?? .distantFuture, limit), on: loop) {
        promise.settle(.failure(SocketError(.timedOut, "no connection became free within \(timeout ?? .zero)")))
      } body: { () throws(SocketError) in
        try await promise.value()
      }
    } catch {
      waiters[waiter] = nil
      // False only after `close()`, which has emptied the queue: a grant settles the promise before anything else can.
      _ = pool.waiterLeft(waiter)
      configuration.observer?.poolWaited(start.duration(to: loop.now), endpoint: address, granted: false)
      shadow?.ended(.pool, from: start, at: address)
      throw error.code == .closed
        ? RPCError(.closed, error.message, isUnsent: true)
        : RPCError(error, timeout: .poolTimeout, isUnsent: true)
    }
    configuration.observer?.poolWaited(start.duration(to: loop.now), endpoint: address, granted: true)
    shadow?.ended(.pool, from: start, at: address)
    if grant.needsConnecting {
      try await connect(grant.connection, timeouts.connect, until: limit, watchedBy: shadow)
    }
    return grant.connection
  }

  /// Hands a grant to its waiter; to the next one, if it has just given up.
  func deliver(_ grant: PoolStateMachine.Grant?) {
    guard let grant else { return }
    if let promise = waiters.removeValue(forKey: grant.waiter), !promise.isSettled {
      promise.settle(.success(grant))
    } else {
      let release = pool.relinquish(grant, at: loop.now)
      if grant.needsConnecting, case .close(let next) = release {
        deliver(next)
      } else {
        perform(release, on: grant.connection)
      }
    }
  }

  // MARK: Connecting

  func connect(
    _ id: PoolStateMachine.ConnectionID, _ timeout: Duration?, until limit: Instant, watchedBy shadow: ShadowedCall?
  ) async throws(RPCError) {
    let (loop, address, start) = (loop, address, loop.now)
    let deadline = min(timeout.map { start.advanced(by: $0) } ?? .distantFuture, limit)
    let interceptors = configuration.interceptors.connection
    defer { shadow?.ended(.connect, from: start, at: address) }
    do throws(SocketError) {
      let stream = try await raceCancelling(until: deadline, on: loop) { () async throws(SocketError) in
        if interceptors.isEmpty { return try await loop.connect(to: address, by: deadline) }
        do {
          return try await intercepted(interceptors, InterceptedStep(method: nil, endpoint: address)) {
            try await loop.connect(to: address, by: deadline)
          }
        } catch {
          throw error as? SocketError ?? SocketError(.other, "an interceptor refused: \(error)")
        }
      }
      guard let stream else { throw SocketError(.timedOut, "no connection within \(timeout ?? .zero)") }
      install(stream, as: id)
      configuration.observer?.connectionOpened(endpoint: address, duration: start.duration(to: loop.now))
    } catch {
      deliver(pool.connectFailed(id))
      let failure = RPCError(error, timeout: .connectTimeout, isUnsent: true)
      configuration.observer?.connectionFailed(endpoint: address, error: failure)
      throw failure
    }
  }

  private func install(_ stream: ByteStream, as id: PoolStateMachine.ConnectionID) {
    while connections.count <= id.slot { connections.append(nil) }
    connections[id.slot] = ClientConnection(
      stream: stream, to: address, configuration: configuration, onewayAnswers)
    stream.onPeerClosed = { [weak self] in
      self?.assumeIsolated { $0.peerClosed(id) }
    }
    var generator = LoopGenerator(loop: loop)
    _ = pool.connected(id, at: loop.now, using: &generator)
  }

  /// The endpoint ended a connection: an idle one goes at once, one in use when its call finds out.
  private func peerClosed(_ id: PoolStateMachine.ConnectionID) {
    if pool.idleConnectionClosed(id) { closeConnection(id) }
  }

  func closeConnection(_ id: PoolStateMachine.ConnectionID) {
    guard let connection = connections[id.slot] else { return }
    connections[id.slot] = nil
    connection.close()
    configuration.observer?.connectionClosed(endpoint: address)
  }

  // MARK: Idle connections

  /// Has idle connections looked at when the oldest may have become too old.
  private func setReaper() {
    guard reaper == nil, let idle = poolPolicy.shortestAge else { return }
    reaper = loop.schedule(
      at: loop.now.advanced(by: idle),
      .call { [weak self] in
        self?.assumeIsolated { $0.reap() }
      })
  }

  private func reap() {
    reaper = nil
    for id in pool.expire(at: loop.now) { closeConnection(id) }
    if pool.counts.idle > 0 { setReaper() }
  }
}

extension Pool {
  /// After how long a connection may have become too old.
  fileprivate var shortestAge: Duration? {
    guard let idle, let lifetime else { return idle ?? lifetime }
    return min(idle, lifetime)
  }
}

extension EventLoop {
  /// Connects to the first of the endpoint's addresses that answers. Each gets an even share of the time that is left,
  /// so that one which swallows packets does not use up the time of the next.
  fileprivate func connect(
    to endpoint: EndpointAddress, by deadline: Instant
  ) async throws(SocketError) -> ByteStream {
    let addresses = try await endpoint.resolved(on: self)
    var failure = SocketError(.unknownHost, "\(endpoint) has no address")
    for (index, address) in addresses.enumerated() {
      do throws(SocketError) {
        if index == addresses.count - 1 || deadline == .distantFuture { return try await connect(to: address) }
        let share = now.duration(to: deadline) / (addresses.count - index)
        let stream = try await raceCancelling(until: now.advanced(by: share), on: self) {
          () async throws(SocketError) in
          try await self.connect(to: address)
        }
        if let stream { return stream }
        failure = SocketError(.timedOut, "\(address) did not answer")
      } catch {
        if error.code == .cancelled { throw error }
        failure = error
      }
    }
    throw failure
  }
}
