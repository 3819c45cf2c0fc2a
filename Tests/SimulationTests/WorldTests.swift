import Foundation
import SeaThriftSockets
import SeaThriftTesting
import Testing

@Suite("A simulated world")
struct WorldTests {
  @Test("time passes without taking any")
  func virtualTime() async throws {
    try await simulate(seed: 1) { world in
      try await world.sleep(for: .seconds(3600))
      #expect(world.now == .seconds(3600))
    }
  }

  @Test("sleeping tasks wake in the order of their deadlines, equal ones in the order they began")
  func wakeOrder() async throws {
    let order = try await simulate(seed: 1) { world in
      await withTaskGroup(of: Int.self) { group in
        for (index, seconds) in [3, 1, 2, 1, 3].enumerated() {
          group.addTask {
            try? await world.sleep(for: .seconds(seconds))
            return index
          }
        }
        var order: [Int] = []
        for await index in group { order.append(index) }
        return order
      }
    }
    #expect(order == [1, 3, 2, 0, 4])
  }

  @Test("waiting for nothing is an error that says so, not a hang")
  func deadlock() async throws {
    let error = await failure(seed: 1) { world in
      try await world.host("a").run {
        let listener = try Network.current.loops[0].listen(on: SocketAddress(.ipv4(0, port: 80)), backlog: 1)
        defer { listener.close() }
        try await withTaskCancellationHandler {
          _ = try await listener.accept(onto: listener.loop)
        } onCancel: {
          listener.abort(SocketError(.cancelled, "cancelled"))
        }
      }
    }
    #expect(error?.code == .deadlock)
    #expect(error?.description.contains("every task waits") == true)
  }

  @Test("a task that cannot even be cancelled is left behind with an error")
  func hopeless() async throws {
    let error = await failure(seed: 1) { world in
      await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
    }
    #expect(error?.code == .deadlock)
  }

  @Test("work from another thread is an error that says so")
  func outsideInfluence() async throws {
    let error = await failure(seed: 1) { world in
      let loop = world.main.network.loops[0]
      Self.onAnotherThread { loop.execute {} }
      try await world.sleep(for: .seconds(1))
    }
    #expect(error?.code == .outsideInfluence)
    #expect(error?.message.hasPrefix("host main was given work by another thread") == true)
  }

  private static func onAnotherThread(_ body: @escaping @Sendable () -> Void) {
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      body()
      done.signal()
    }
    done.wait()
  }

  @Test("sleeping in real time is an error, because nothing in the world is going to happen")
  func realTime() async throws {
    let error = await failure(seed: 1) { world in
      try await Task.sleep(for: .seconds(60))
    }
    #expect(error?.code == .deadlock)
  }

  @Test("a run that takes too long in its own time ends")
  func tooLong() async throws {
    var limits = SimulationLimits()
    limits.time = .seconds(10)
    let error = await failure(seed: 1, limits: limits) { world in
      while true { try await world.sleep(for: .seconds(1)) }
    }
    #expect(error?.code == .tooLong)
  }

  @Test("a run that goes round in circles ends")
  func tooManySteps() async throws {
    var limits = SimulationLimits()
    limits.steps = 1000
    let error = await failure(seed: 1, limits: limits) { world in
      while true { try await world.sleep(for: .zero) }
    }
    #expect(error?.code == .tooManySteps)
  }

  @Test("an error names the seed, the command that repeats it, and the last events")
  func errorText() async throws {
    struct Failure: Error {}
    let error = await failure(seed: 42) { world in
      world.note("just before")
      throw Failure()
    }
    #expect(error?.code == .bodyFailed)
    #expect(error?.cause is Failure)
    #expect(error?.seed == 42)
    #expect(error?.replay == "swift test --filter 'SimulationTests.*errorText'")
    #expect(error?.trace.last == "0.000000000 world note just before")
  }

  @Test("what is left behind is an error that counts it")
  func leftovers() async throws {
    let error = await failure(seed: 1) { world in
      try await world.host("a").run {
        let loop = Network.current.loops[0]
        _ = loop.schedule(at: loop.now.advanced(by: .seconds(1)), .call {})
        _ = try loop.listen(on: SocketAddress(.ipv4(0, port: 80)), backlog: 1)
      }
    }
    #expect(error?.code == .leftovers)
    #expect(error?.message.contains("1 timers on a") == true)
  }

  @Test("a process that fails ends the run with its error")
  func processFailure() async throws {
    struct Failure: Error {}
    let error = await failure(seed: 1) { world in
      world.host("a").start { throw Failure() }
      try await world.sleep(for: .seconds(10))
    }
    #expect(error?.code == .processFailed)
    #expect(error?.cause is Failure)
  }

  @Test("the caller's cancellation reaches the body")
  func cancellation() async throws {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        let error = await failure(seed: 1) { world in
          while true { try await world.sleep(for: .seconds(1)) }
        }
        #expect(error?.cause is CancellationError)
      }
      group.cancelAll()
    }
  }
}

@Suite("What is left of a world")
struct WorldLeftoverTests {
  /// Remembers objects without keeping them.
  private final class Weak: @unchecked Sendable {
    // @unchecked: used on the world's thread only, and after it has ended.
    weak var group: ServiceGroup?
    weak var endpoint: Endpoint?
    weak var server: ThriftServer?
    weak var loop: EventLoop?
  }

  @Test("nothing, when it has ended: its loops, groups, endpoints and servers are freed")
  func freed() async throws {
    let weak = Weak()
    try await simulate(seed: 1) { world in
      world.host("a").start {
        let server = try ThriftServer(on: .tcp("0.0.0.0", 9090)) { Calculator.service { $0 + $1 } }
        weak.server = server
        try await server.run()
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        weak.loop = Network.current.nextLoop
        try await withServiceGroup("sums", at: [.tcp("a", 9090)]) { group in
          weak.group = group
          _ = try await group.add(1, 1)
        }
        let endpoint = try Endpoint(.tcp("a", 9090))
        weak.endpoint = endpoint
        _ = try await endpoint.add(1, 1)
        await endpoint.close()
      }
    }
    #expect(weak.group == nil && weak.endpoint == nil && weak.server == nil)
    #expect(weak.loop == nil)
  }
}
