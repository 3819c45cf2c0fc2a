import SeaThrift
import SeaThriftTesting
import SeaThriftTime
import Testing

private struct Broken: Error {}

@Suite("Policies around any async call")
struct RunnerTests {
  @Test("a breaker refuses after it tripped, and lets one probe through when it is due")
  func breaker() async throws {
    try await simulate(seed: 1) { world in
      let changes = Log()
      let breaker = try CircuitBreaker.Runner(CircuitBreaker(.consecutive(2))) { changes.add("\($0.from)-\($0.to)") }
      for _ in 0..<2 { await #expect(throws: Broken.self) { try await breaker.run { throw Broken() } } }
      await #expect(throws: ResilienceError.self) { try await breaker.run {} }
      try await world.sleep(for: .seconds(10))
      #expect(try await breaker.run { 5 } == 5)
      #expect(breaker.state == .closed)
      #expect(changes.lines == ["closed-open", "open-halfOpen", "halfOpen-closed"])
    }
  }

  @Test("a cancelled call says nothing about the other side")
  func cancelled() async throws {
    try await simulate(seed: 1) { world in
      let breaker = try CircuitBreaker(.consecutive(1)).runner()
      await withTaskGroup { group in
        group.addTask { _ = try? await breaker.run { try await world.sleep(for: .seconds(1)) } }
        group.cancelAll()
      }
      #expect(breaker.state == .closed)
    }
  }

  @Test("a timeout cancels what is late and awaits it")
  func timeout() async throws {
    try await simulate(seed: 1) { world in
      let log = Log()
      let error = await #expect(throws: ResilienceError.self) {
        try await AttemptTimeout(.milliseconds(100)).run {
          do { try await world.sleep(for: .seconds(5)) } catch {
            log.add("cancelled at \(world.now)")
            throw error
          }
        }
      }
      #expect(error?.code == .timedOut)
      #expect(log.lines == ["cancelled at 0.1 seconds"])
    }
  }

  @Test("a deadline is inherited, and one inside of it can only be earlier")
  func deadline() async throws {
    try await simulate(seed: 1) { world in
      try await withDeadline(.milliseconds(300)) {
        #expect(Deadline.remaining == .milliseconds(300))
        await withDeadline(.seconds(10)) { #expect(Deadline.remaining == .milliseconds(300)) }
        await withDeadline(.milliseconds(50)) { #expect(Deadline.remaining == .milliseconds(50)) }
        try await world.sleep(for: .milliseconds(100))
        #expect(Deadline.remaining == .milliseconds(200))
        let pipeline = try Pipeline {
          Retry(9)
          AttemptTimeout(.milliseconds(150))
        }
        let start = world.now
        let error = await #expect(throws: ResilienceError.self) {
          try await pipeline.run { try await world.sleep(for: .seconds(9)) }
        }
        #expect(error?.code == .deadlineExceeded)
        #expect(world.now - start == .milliseconds(200))
      }
      #expect(Deadline.remaining == nil)
    }
  }

  @Test("a retry waits as its back-off says, hears advice, and keeps to its budget")
  func retry() async throws {
    struct Busy: Error, RetryAdvising {
      var retryAdvice: RetryAdvice?
    }
    try await simulate(seed: 1) { world in
      let retry = try Retry(3, backoff: .exponential(from: .milliseconds(10), jitter: .none)).runner()
      let count = Counter()
      let start = world.now
      await #expect(throws: Broken.self) {
        try await retry.run {
          count.count += 1
          throw Broken()
        }
      }
      #expect(count.count == 4)
      #expect(world.now - start == .milliseconds(70))

      count.count = 0
      await #expect(throws: Busy.self) {
        try await retry.run {
          count.count += 1
          throw Busy(retryAdvice: count.count == 1 ? .after(.seconds(2)) : .never)
        }
      }
      #expect(count.count == 2)
      #expect(world.now - start == .milliseconds(2070))

      let budgeted = try Retry(3, budget: .share(0.1, floor: 0.1)).runner()
      count.count = 0
      for _ in 0..<5 {
        await #expect(throws: Broken.self) {
          try await budgeted.run {
            count.count += 1
            throw Broken()
          }
        }
      }
      #expect(count.count == 6, "the floor pays for one retry in ten seconds")
    }
  }

  @Test("a value can be retried like an error")
  func values() async throws {
    try await simulate(seed: 1) { _ in
      let count = Counter()
      let value = try await Retry(5).runner().run(judging: { (result: Result<Int, any Error>) in
        if case .success(let value) = result, value >= 3 { .success } else { .failure }
      }) {
        count.count += 1
        return count.count
      }
      #expect(value == 3)
    }
  }

  @Test("of a slow attempt and its hedge the first success counts, and the other is cancelled")
  func hedge() async throws {
    try await simulate(seed: 1) { world in
      let hedge = try Hedge(after: .fixed(.milliseconds(20)), extraLoad: 1).runner()
      let count = Counter()
      let log = Log()
      let start = world.now
      let value = try await hedge.run {
        count.count += 1
        let own = count.count
        do { try await world.sleep(for: own == 1 ? .seconds(9) : .milliseconds(5)) } catch {
          log.add("attempt \(own) cancelled")
          throw error
        }
        return own
      }
      #expect(value == 2)
      #expect(log.lines == ["attempt 1 cancelled"])
      #expect(world.now - start == .milliseconds(25))
    }
  }

  @Test("a failed hedge does not end the attempt that still runs")
  func failedHedge() async throws {
    try await simulate(seed: 1) { world in
      let hedge = try Hedge(after: .fixed(.milliseconds(20)), extraLoad: 1).runner()
      let count = Counter()
      let value = try await hedge.run {
        count.count += 1
        if count.count == 2 { throw Broken() }
        try await world.sleep(for: .milliseconds(50))
        return 1
      }
      #expect(value == 1)
      #expect(count.count == 2)
    }
  }

  @Test("a bulkhead lets in as many as it says, in order, and turns away the rest")
  func bulkhead() async throws {
    try await simulate(seed: 1) { world in
      let bulkhead = try Bulkhead(2, waiters: 2, wait: .milliseconds(100)).runner()
      let log = Log()
      await withTaskGroup { group in
        for index in 0..<5 {
          group.addTask {
            do {
              try await bulkhead.run { try await world.sleep(for: .milliseconds(80)) }
              log.add("\(index) ended at \(world.now)")
            } catch {
              log.add("\(index) refused at \(world.now)")
            }
          }
        }
      }
      #expect(
        log.lines == [
          "4 refused at 0.0 seconds", "0 ended at 0.08 seconds", "1 ended at 0.08 seconds", "2 ended at 0.16 seconds",
          "3 ended at 0.16 seconds",
        ])
      #expect(bulkhead.running == 0)
    }
  }

  @Test("a cancelled or late waiter of a bulkhead leaves its place to the next")
  func bulkheadWaiters() async throws {
    try await simulate(seeds: 20) { world in
      let bulkhead = try Bulkhead(1, waiters: 50, wait: .milliseconds(10)).runner()
      var generator = world.randomNumbers()
      let times = (0..<40).map { _ in Duration.milliseconds(Int.random(in: 0...8, using: &generator)) }
      try await withThrowingTaskGroup { group in
        for time in times {
          group.addTask {
            do {
              try await AttemptTimeout(.milliseconds(9)).run {
                try await bulkhead.run { try await world.sleep(for: time) }
              }
            } catch is ResilienceError {}
          }
        }
        try await group.waitForAll()
      }
      #expect(bulkhead.running == 0)
      #expect(try await bulkhead.run { 1 } == 1)
    }
  }

  @Test("a rate limit spreads calls, and refuses those that would wait too long")
  func rateLimit() async throws {
    try await simulate(seed: 1) { world in
      let limit = try RateLimit(10, burst: 1, wait: .milliseconds(150)).runner()
      let log = Log()
      await withTaskGroup { group in
        for index in 0..<3 {
          group.addTask {
            let isLet = (try? await limit.run {}) != nil
            log.add("\(index) \(isLet ? "ran" : "refused") at \(world.now)")
          }
        }
      }
      #expect(log.lines == ["0 ran at 0.0 seconds", "2 refused at 0.0 seconds", "1 ran at 0.1 seconds"])
    }
  }

  @Test("a cache serves what is fresh, fetches what is stale in the background, and replaces an error by what is kept")
  func cache() async throws {
    try await simulate(seed: 1) { world in
      let cache = try Cache.Runner<String, Int>(
        Cache(ttl: .seconds(1), staleWhileRevalidate: .seconds(1), staleIfError: .seconds(5))
      ) { _, _ in 8 }
      #expect(try await cache.run("a") { 1 } == 1)
      #expect(try await cache.run("a") { 2 } == 1)
      try await world.sleep(for: .milliseconds(1500))
      let start = world.now
      let served = try await cache.run("a") {
        try await world.sleep(for: .milliseconds(10))
        return 3
      }
      #expect(served == 1 && world.now == start, "nobody waits for the refresh")
      #expect(try await cache.run("a") { 4 } == 1, "stale meanwhile, and refreshed once")
      try await world.sleep(for: .milliseconds(11))
      #expect(try await cache.run("a") { 5 } == 3)
      try await world.sleep(for: .seconds(4))
      #expect(try await cache.run("a") { throw Broken() } == 3)
      try await world.sleep(for: .seconds(4))
      await #expect(throws: Broken.self) { try await cache.run("a") { throw Broken() } }
      #expect(try await cache.run("b") { 6 } == 6)
      try await world.sleep(for: .seconds(3))
      await #expect(throws: Broken.self, "an answer is not replaced") {
        try await cache.run("b", replacing: { !($0 is Broken) }) { throw Broken() }
      }
    }
  }

  @Test("identical calls share one attempt, and a cancelled leader hands over")
  func singleFlight() async throws {
    try await simulate(seed: 1) { world in
      let flight = SingleFlight.Runner<String, Int>()
      let count = Counter()
      let values = Log()
      await withTaskGroup { group in
        for index in 0..<5 {
          group.addTask {
            let value = try? await AttemptTimeout(.milliseconds(index == 0 ? 10 : 1000)).run {
              try await flight.run("k") {
                count.count += 1
                let own = count.count
                try await world.sleep(for: .milliseconds(50))
                return own
              }
            }
            values.add("\(index): \(value ?? -1)")
          }
        }
      }
      #expect(count.count == 2)
      #expect(values.lines.sorted() == ["0: -1", "1: 2", "2: 2", "3: 2", "4: 2"])
    }
  }

  @Test("a balancer gives each its turn")
  func balancer() async throws {
    let balancer = try Balancer(["a", "b", "c"], Balance(.roundRobin)) { $0 }
    var turns = ""
    for _ in 0..<6 { turns += try await balancer.run { $0 } }
    #expect(turns == "abcabc")
  }

  @Test("the order in which a pipeline is written changes nothing")
  func order() async throws {
    try await simulate(seed: 1) { world in
      let first = try Pipeline {
        AttemptTimeout(.milliseconds(10))
        CircuitBreaker(.consecutive(3))
        Retry(9)
        Bulkhead(1)
      }
      let second = try Pipeline {
        Bulkhead(1)
        Retry(9)
        CircuitBreaker(.consecutive(3))
        AttemptTimeout(.milliseconds(10))
      }
      var ends: [Duration] = []
      for pipeline in [first, second] {
        let start = world.now
        let error = await #expect(throws: ResilienceError.self) {
          try await pipeline.run { try await world.sleep(for: .seconds(1)) }
        }
        #expect(error?.code == .circuitOpen, "the breaker counts attempts, inside of the retries")
        ends.append(world.now - start)
      }
      #expect(ends == [.milliseconds(30), .milliseconds(30)])
    }
  }

  @Test("a policy given twice, or with a value out of range, is an error that names it")
  func mistakes() {
    let twice = #expect(throws: PolicyError.self) {
      try Pipeline {
        Retry(1)
        AttemptTimeout(.seconds(1))
        Retry(2)
      }
    }
    #expect(twice?.description == "Pipeline.Retry is given twice, allowed is one")
    let wrong = #expect(throws: PolicyError.self) { try Pipeline { CircuitBreaker(probes: 0) } }
    #expect(wrong?.description == "CircuitBreaker.probes is 0, allowed is 1...1000")
  }

  @Test("a fallback replaces an error, not a cancellation")
  func fallback() async throws {
    let pipeline = try Pipeline { Retry(1) }
    let value = try await pipeline.run { () async throws -> Int in
      throw Broken()
    } fallback: { _ in
      7
    }
    #expect(value == 7)
  }
}

/// Lines in the order in which they were added.
final class Log: Sendable {
  private let state = Lock([String]())
  var lines: [String] { state.withLock { $0 } }
  func add(_ line: String) { state.withLock { $0.append(line) } }
}
