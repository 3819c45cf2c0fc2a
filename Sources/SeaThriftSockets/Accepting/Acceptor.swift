import SeaThriftTime
import Synchronization

/// Accepts connections at one or several addresses and serves each of them with a task on one of the network's loops.
///
/// Accepting has a loop of its own, so that nothing that a connection does keeps new clients waiting.
package final class Acceptor: Sendable {
  package struct Settings: Sendable {
    /// The most connections at one time; further clients wait to be accepted.
    package var maxConnections: Int
    /// Whether the connection that has been idle for the longest time is ended when another client waits.
    package var replacesIdle: Bool
    /// How many clients wait in the kernel.
    package var backlog: Int
    package var socketOptions: SocketOptions
    /// How long what is under way has, when the acceptor stops, before it is ended.
    package var gracePeriod: Duration

    package init(
      maxConnections: Int, replacesIdle: Bool, backlog: Int, socketOptions: SocketOptions, gracePeriod: Duration
    ) {
      self.maxConnections = maxConnections
      self.replacesIdle = replacesIdle
      self.backlog = backlog
      self.socketOptions = socketOptions
      self.gracePeriod = gracePeriod
    }
  }

  package typealias MakeConnection = @Sendable (ByteStream, ConnectionTable) -> any AcceptedConnection

  private let settings: Settings
  private let network: Network
  /// One for each loop of the network, in their order.
  private let tables: [ConnectionTable]
  private let make: MakeConnection
  /// Told, at most every 10 s, that no connection can be accepted for now.
  private let acceptFailed: @Sendable (SocketError) -> Void
  private let stopping = Atomic<Bool>(false)
  private let queue = Lock<AcceptQueue?>(nil)

  package init(
    _ settings: Settings, network: Network, tables: [ConnectionTable],
    acceptFailed: @escaping @Sendable (SocketError) -> Void, make: @escaping MakeConnection
  ) {
    self.settings = settings
    self.network = network
    self.tables = tables
    self.acceptFailed = acceptFailed
    self.make = make
  }

  /// The connections that are open.
  package var connectionCount: Int { tables.reduce(0) { $0 + $1.count } }

  /// Listens at addresses, each an alternative list of which the first is taken that works.
  ///
  /// - Returns: The listeners, one for each list.
  package func listen(at addresses: [[SocketAddress]]) async throws(SocketError) -> [Listener] {
    let (loop, backlog) = (try network.acceptorLoop(), settings.backlog)
    return try await loop.run { () throws(SocketError) in
      var listeners: [Listener] = []
      do throws(SocketError) {
        for candidates in addresses { listeners.append(try Self.listen(at: candidates, on: loop, backlog)) }
      } catch {
        for listener in listeners { listener.close() }
        throw error
      }
      return listeners
    }
  }

  private static func listen(
    at candidates: [SocketAddress], on loop: EventLoop, _ backlog: Int
  ) throws(SocketError) -> Listener {
    var failure = SocketError(.unknownHost, "there is no address to listen at")
    for candidate in candidates {
      do throws(SocketError) { return try loop.listen(on: candidate, backlog: backlog) } catch { failure = error }
    }
    throw failure
  }

  /// Accepts and serves until ``stop()``, and then until all connections have ended. Must be called on the acceptor's
  /// loop, which is that of the listeners.
  package func run(_ listeners: [Listener]) async {
    guard let loop = listeners.first?.loop else { return }
    let work = AcceptQueue(loop: loop)
    queue.withLock { $0 = work }
    for listener in listeners { listener.onAcceptable = { [weak work] in work?.wake() } }
    var graceTimer: TimerID?
    await withDiscardingTaskGroup { group in
      while !stopping.load(ordering: .acquiring) {
        switch await next(from: listeners, work) {
        case .accepted(let connection, let table)?, .again(let connection, let table)?:
          group.addTask(executorPreference: table.loop) { await self.serve(connection, of: table, work) }
        case nil: break
        }
      }
      for listener in listeners { listener.close() }
      for table in tables { table.loop.execute { table.drainAll() } }
      graceTimer = loop.schedule(
        at: loop.now.advanced(by: settings.gracePeriod),
        .call { [tables] in
          for table in tables { table.loop.execute { table.endAll() } }
        })
      // What goes on in another task does so until the last connection has ended.
      while case .again(let connection, let table)? = await nextToGoOn(work) {
        group.addTask(executorPreference: table.loop) { await self.serve(connection, of: table, work) }
      }
    }
    if let graceTimer { loop.cancelTimer(graceTimer) }
    work.cancelTimer()
    queue.withLock { $0 = nil }
  }

  /// Accepts no more, has idle connections end and the others as soon as nothing is under way. From any thread.
  package func stop() {
    stopping.store(true, ordering: .releasing)
    queue.withLock { $0 }?.wake()
  }

  private func serve(_ connection: any AcceptedConnection, of table: ConnectionTable, _ work: AcceptQueue) async {
    if await connection.run() {
      work.goOn(connection, of: table)
    } else {
      table.forget()
      work.placeIsFree()
    }
  }

  // MARK: Accepting

  private func next(from listeners: [Listener], _ work: AcceptQueue) async -> AcceptQueue.Work? {
    while !stopping.load(ordering: .acquiring) {
      if let again = work.takeAgain() { return again }
      guard hasPlace else {
        await waitForPlace(listeners, work)
        continue
      }
      // What is told from here on makes the wait end at once.
      work.beginLook()
      do throws(SocketError) {
        let table = leastLoaded
        // Not always the first: one address that many come to keeps no one waiting at another.
        for listener in work.takingTurns(listeners) {
          guard let stream = try listener.acceptNow(onto: table.loop, settings.socketOptions) else { continue }
          table.expect()
          return .accepted(make(stream, table), table)
        }
      } catch {
        await pause(after: error, listeners, work)
        continue
      }
      await work.wait()
    }
    return nil
  }

  /// The next connection that goes on in another task; nil when all have ended.
  private func nextToGoOn(_ work: AcceptQueue) async -> AcceptQueue.Work? {
    while true {
      if let again = work.takeAgain() { return again }
      work.beginWaitForPlace()
      if connectionCount == 0 { return nil }
      await work.wait()
    }
  }

  private var hasPlace: Bool { connectionCount < settings.maxConnections }

  private var leastLoaded: ConnectionTable {
    var best = tables[0]
    for table in tables.dropFirst() where table.count < best.count { best = table }
    return best
  }

  /// Has a place made, if it may be and somebody waits for it, and waits until there is one, or there may be.
  ///
  /// - Parameter failure: Why nothing could be accepted although there are not too many connections.
  private func waitForPlace(
    _ listeners: [Listener], _ work: AcceptQueue, after failure: SocketError? = nil
  ) async {
    work.beginWaitForPlace()
    // Looked at again: one may have ended before it was known that somebody waits.
    if failure == nil, hasPlace { return }
    let candidates = tables.compactMap { table in table.longestIdle.map { (table: table, idle: $0) } }
    if failure == nil, !listeners.contains(where: \.hasWaiting) {
      // Nobody needs it.
    } else if settings.replacesIdle, let (table, _) = candidates.min(by: { $0.idle < $1.idle }) {
      if work.beginMakingPlace() {
        table.loop.execute {
          if table.drainLongestIdle() { return }
          work.cannotMakePlace()
          work.wake()
        }
      }
    } else if let failure, failure.code != .closed, work.maySay(at: work.loop.now) {
      acceptFailed(failure)
    }
    await work.wait()
  }

  /// Out of descriptors, or what else is amiss: some will be free. Until then clients wait in the backlog.
  private func pause(after error: SocketError, _ listeners: [Listener], _ work: AcceptQueue) async {
    // Others than connections take descriptors, and tell nobody when they give them back.
    let retry = work.loop.schedule(at: work.loop.now.advanced(by: .milliseconds(20)), .call { work.wake() })
    await waitForPlace(listeners, work, after: error)
    work.loop.cancelTimer(retry)
  }
}
