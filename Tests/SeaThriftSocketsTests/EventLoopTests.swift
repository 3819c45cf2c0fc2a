import Glibc
import SeaThriftSockets
import SeaThriftTime
import Testing

@Suite("An event loop")
struct EventLoopTests {
  @Test("runs a task and its children on its own thread")
  func confinement() async throws {
    let (before, inside, child, after) = try await withLoop { loop in
      let before = loop.isCurrent
      await Task.yield()
      let inside = loop.isCurrent
      let child = await withTaskGroup(of: Bool.self) { group in
        group.addTask { loop.isCurrent }
        return await group.next() ?? false
      }
      return (before, inside, child, loop.isCurrent)
    }
    #expect(before && inside && child && after)
  }

  @Test("is the executor of an actor that names it")
  func actorExecutor() async throws {
    actor Pinned {
      nonisolated let loop: EventLoop
      nonisolated var unownedExecutor: UnownedSerialExecutor { loop.actorExecutor.asUnownedSerialExecutor() }
      init(_ loop: EventLoop) { self.loop = loop }
      func isOnLoop() async -> Bool {
        let before = loop.isCurrent
        await Task.yield()
        return before && loop.isCurrent
      }
    }
    let network = try Network(loopCount: 2)
    defer { network.shutDown() }
    for loop in network.loops { #expect(await Pinned(loop).isOnLoop()) }
  }

  @Test("loses no wake-up under a storm of calls from other threads")
  func wakeUps() async throws {
    let network = try Network(loopCount: 1)
    defer { network.shutDown() }
    let loop = network.loops[0]
    let count = 20_000
    let sum = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          var sum = 0
          for _ in 0..<(count / 8) { sum += await loop.run { loop.isCurrent ? 1 : 0 } }
          return sum
        }
      }
      return await group.reduce(0, +)
    }
    #expect(sum == count)
  }

  @Test("calls what other threads hand it, in their order")
  func execute() async throws {
    let network = try Network(loopCount: 1)
    defer { network.shutDown() }
    let loop = network.loops[0]
    let seen = Lock([Int]())
    for number in 0..<1_000 { loop.execute { seen.withLock { $0.append(number) } } }
    await loop.run {}
    #expect(seen.withLock { $0 } == Array(0..<1_000))
  }

  @Test("fires timers in order, also those set by timers, and never before their time")
  func timers() async throws {
    let early = try await withLoop { loop in
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Bool, Never>) in
        let deadline = loop.now.advanced(by: .milliseconds(3))
        _ = loop.schedule(
          at: deadline,
          .call {
            let wasEarly = loop.now < deadline
            _ = loop.schedule(at: loop.now, .call { continuation.resume(returning: wasEarly) })
          })
      }
    }
    #expect(!early)
  }
}

@Suite("Turns of an event loop")
struct TurnTests {
  @Test("what has arrived is read before a timer is heeded, however late the loop is")
  func eventsFirst() async throws {
    let bytes = try await withStreams { near, far in
      try await far.writeAll([7])
      return try await race(until: near.loop.now.advanced(by: .milliseconds(1)), on: near.loop) {
        near.abort(SocketError(.timedOut, "too late"))
      } body: {
        // The loop stands still until the timer is long due, and the byte has been there for as long.
        near.loop.execute { usleep(20_000) }
        return try await near.readAll(1)
      }
    }
    #expect(bytes == [7])
  }

  @Test("a task that could go on without end lets the sockets and the timers have their turn")
  func yielding() async throws {
    let turns = try await withStreams { near, far in
      let events = Lock(0)
      _ = near.loop.schedule(at: near.loop.now, .call { events.withLock { $0 += 1 } })
      async let reading: Void = {
        _ = try await near.readAll(1)
        events.withLock { $0 += 1 }
      }()
      try await far.writeAll([7])
      var turns = 0
      while events.withLock({ $0 }) < 2, turns < 1_000_000 {
        turns += 1
        await near.loop.yieldTurn()
      }
      try await reading
      return turns
    }
    #expect(turns < 1_000_000)
  }
}

@Suite("A race with a timer")
struct RaceTests {
  struct Broken: Error, Equatable {}

  @Test("gives the body's value and leaves no timer behind")
  func value() async throws {
    let (value, pending) = try await withLoop { loop in
      let value = await race(until: loop.now.advanced(by: .seconds(60)), on: loop, timedOut: {}, body: { 7 })
      return (value, loop.pendingTimers)
    }
    #expect(value == 7)
    #expect(pending == 0)
  }

  @Test("throws the body's error")
  func failure() async throws {
    await #expect(throws: Broken()) {
      try await withLoop { loop in
        try await race(until: loop.now.advanced(by: .seconds(60)), on: loop, timedOut: {}) { throw Broken() }
      }
    }
  }

  @Test("stays on the loop when the task around it prefers another executor")
  func immediateTask() async throws {
    let (value, pending) = try await withLoop { loop in
      // A task that is begun at once is on the loop's thread without preferring it.
      let task = Task.immediate { () throws(SocketError) in
        try await LoopBound(executor: loop.actorExecutor).racing(on: loop)
      }
      let value = try await task.value
      return (value, loop.pendingTimers)
    }
    #expect(value == 7)
    #expect(pending == 0)
  }

  /// An actor that is pinned to a loop.
  private actor LoopBound {
    private let executor: ActorExecutor
    init(executor: ActorExecutor) { self.executor = executor }
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    func racing(on loop: EventLoop) async throws(SocketError) -> Int {
      let promise = LoopPromise<Int>(on: loop)
      try await loop.sleep(until: loop.now.advanced(by: .milliseconds(1)))
      try? await race(until: loop.now.advanced(by: .milliseconds(1)), on: loop) {
        promise.settle(.failure(SocketError(.timedOut, "late")))
      } body: { () throws(SocketError) in
        _ = try await promise.value()
      }
      return try await race(until: loop.now.advanced(by: .seconds(60)), on: loop) {
      } body: { () throws(SocketError) in
        try await loop.sleep(until: loop.now.advanced(by: .milliseconds(1)))
        return 7
      }
    }
  }

  @Test("ends a wait on a stream when the time comes first")
  func timeout() async throws {
    let error = await #expect(throws: SocketError.self) {
      try await withStreams { near, far in
        try await race(until: near.loop.now.advanced(by: .milliseconds(5)), on: near.loop) {
          near.abort(SocketError(.timedOut, "too slow"))
        } body: {
          _ = try await near.readAll(1)
        }
      }
    }
    #expect(error == SocketError(.timedOut, "too slow"))
  }

  @Test("cancels a child when the time comes first, and returns nil")
  func cancelling() async throws {
    let (value, pending) = try await withLoop { loop in
      let promise = LoopPromise<Int>(on: loop)
      let value = try? await raceCancelling(until: loop.now.advanced(by: .milliseconds(5)), on: loop) {
        try await promise.value()
      }
      return (value, loop.pendingTimers)
    }
    #expect(value == .some(nil))
    #expect(pending == 0)
  }
}

@Suite("A promise")
struct LoopPromiseTests {
  @Test("keeps its first outcome")
  func first() async throws {
    let value = try await withLoop { loop in
      let promise = LoopPromise<Int>(on: loop)
      promise.settle(.success(1))
      promise.settle(.success(2))
      return try await promise.value()
    }
    #expect(value == 1)
  }

  @Test("ends its wait when the task is cancelled, before or during it", arguments: [true, false])
  func cancellation(before: Bool) async throws {
    let network = try Network(loopCount: 1)
    defer { network.shutDown() }
    let loop = network.loops[0]
    let promise = LoopPromise<Int>(on: loop)
    let task = Task { try await loop.run { try await promise.value() } }
    if !before { await loop.run { await Task.yield() } }
    task.cancel()
    let error = await #expect(throws: SocketError.self) { try await task.value }
    #expect(error?.code == .cancelled)
  }
}
