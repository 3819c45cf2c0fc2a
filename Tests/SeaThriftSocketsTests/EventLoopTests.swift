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
    let (isLate, bytes) = try await withStreams { near, far in
      // Nothing: what comes next is told by the loop.
      _ = try near.readSome(1)
      try await far.writeAll([7])
      let loop = near.loop
      let isLate = await race(until: loop.now.advanced(by: .milliseconds(1)), waking: near, on: loop) {
        // The loop stands still until the timer is long due, and the byte has been there for as long.
        usleep(20_000)
        await withUnsafeContinuation { near.resumeWhenReadable($0) }
      }
      return (isLate, try near.readSome(1))
    }
    #expect(!isLate)
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
  @Test("gives the body's value and leaves no timer behind")
  func value() async throws {
    let (value, pending) = try await withLoop { loop in
      let value = await race(on: loop) { timer in
        timer?.arm(until: loop.now.advanced(by: .seconds(60)), waking: Signal<Int>())
        return 7
      }
      return (value, loop.pendingTimers)
    }
    #expect(value == 7)
    #expect(pending == 0)
  }

  @Test("has no timer when nothing is limited")
  func unlimited() async throws {
    let hasTimer = try await withLoop { loop in await race(isLimited: false, on: loop) { $0 != nil } }
    #expect(!hasTimer)
  }

  @Test("limits one wait after the other, each by its own time")
  func phases() async throws {
    let (values, pending) = try await withLoop { loop in
      let values = await race(on: loop) { timer in
        var values: [Int?] = []
        for milliseconds in [1, 60_000, 1] {
          let signal = Signal<Int>()
          _ = loop.schedule(at: loop.now.advanced(by: .milliseconds(20)), .call { signal.give(milliseconds) })
          values.append(
            try? await signal.value(until: loop.now.advanced(by: .milliseconds(milliseconds)), with: timer))
        }
        return values
      }
      return (values, loop.pendingTimers)
    }
    #expect(values == [nil, 60_000, nil])
    // Those of the two signals that came too late.
    #expect(pending <= 2)
  }

  @Test("is not ended by the time of a wait that is over")
  func disarmed() async throws {
    let value = try await withLoop { loop in
      try await race(on: loop) { timer -> Result<Int?, any Error> in
        let first = Signal<Int>()
        first.give(1)
        let second = Signal<Int>()
        _ = loop.schedule(at: loop.now.advanced(by: .milliseconds(20)), .call { second.give(2) })
        do {
          _ = try await first.value(until: loop.now.advanced(by: .milliseconds(5)), with: timer)
          return .success(try await second.value(until: .distantFuture, with: timer))
        } catch {
          return .failure(error)
        }
      }.get()
    }
    #expect(value == 2)
  }

  @Test("stays on the loop when the task around it prefers another executor")
  func immediateTask() async throws {
    let (value, pending) = try await withLoop { loop in
      // A task that is begun at once is on the loop's thread without preferring it.
      let task = Task.immediate { try await LoopBound(executor: loop.actorExecutor).racing(on: loop) }
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

    func racing(on loop: EventLoop) async throws -> Int? {
      try await loop.sleep(until: loop.now.advanced(by: .milliseconds(1)))
      let late = try await Signal<Int>().value(until: loop.now.advanced(by: .milliseconds(1)), on: loop)
      #expect(late == nil)
      let signal = Signal<Int>()
      _ = loop.schedule(at: loop.now.advanced(by: .milliseconds(1)), .call { signal.give(7) })
      return try await signal.value(until: loop.now.advanced(by: .seconds(60)), on: loop)
    }
  }

  @Test("ends a wait on a stream when the time comes first")
  func timeout() async throws {
    let isLate = try await withStreams { near, _ in
      await race(until: near.loop.now.advanced(by: .milliseconds(5)), waking: near, on: near.loop) {
        // What may be there at the beginning is nothing.
        _ = try? near.readSome(1)
        await withUnsafeContinuation { near.resumeWhenReadable($0) }
      }
    }
    #expect(isLate)
  }

  @Test("a read whose time is over fails the stream")
  func reading() async throws {
    let error = try await withStreams { near, _ in
      let loop = near.loop
      var error: (any Error)?
      await race(on: loop) { timer in
        await near.read(until: loop.now.advanced(by: .milliseconds(5)), with: timer) {
          do {
            return try near.readSome(1) != nil
          } catch let failure {
            error = failure
            return true
          }
        }
      }
      return error as? SocketError
    }
    #expect(error?.code == .timedOut)
  }
}

@Suite("A signal")
struct SignalTests {
  @Test("keeps its first value")
  func first() async throws {
    let signal = Signal<Int>()
    #expect(signal.give(1))
    #expect(!signal.give(2))
    #expect(try await signal.value() == 1)
  }

  @Test("ends its wait when the task is cancelled, before or during it", arguments: [true, false])
  func cancellation(before: Bool) async throws {
    let network = try Network(loopCount: 1)
    defer { network.shutDown() }
    let loop = network.loops[0]
    let signal = Signal<Int>()
    let task = Task { try await loop.run { try await signal.value() } }
    if !before { await loop.run { await Task.yield() } }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(!signal.give(1), "nobody waits any more")
  }
}
