import SeaThriftSockets
import SeaThriftTesting
import Testing

/// One test for each bug that the simulation has found. Documentation/Decisions/simulation-findings.md tells about them.
@Suite("What the simulation has found")
struct FindingTests {
  @Test("another group is not called when the first may have executed what must not run twice (storm, seed 0)")
  func fallbackOfWhatRunsOnce() async throws {
    try await simulate(seed: 0) { world in
      let served = Log()
      for name in ["a", "b"] {
        world.server(name) { a, b in
          served.add(name)
          if name == "a" { try await world.sleep(for: .seconds(1)) }
          return a + b
        }
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("spare", at: [.tcp("b", 9090)]) { (spare) async throws -> Void in
          try await withServiceGroup("sums", at: [.tcp("a", 9090)]) {
            Fallback(to: spare)
          } body: { (group) async throws -> Void in
            await #expect(throws: RPCError.self) { try await group.spend(1, 1) }
            #expect(served.lines == ["a"], "nobody knows whether it was executed")
            #expect(try await group.add(1, 1) == 2)
            #expect(served.lines == ["a", "a", "b"], "this one may be repeated")
            world.host("a").kill()
            #expect(try await group.spend(1, 1) == 2)
            #expect(served.lines.count == 4, "it was certainly not executed")
          }
        }
      }
    }
  }

  @Test("a server that stops closes its connections in the same order in every run", arguments: [1, 2, 3] as [UInt64])
  func orderOfClosing(seed: UInt64) async throws {
    // Connections used to be kept by their addresses in memory, which no seed decides.
    #expect(try await traceOfAStop(seed) == traceOfAStop(seed))
  }

  private func traceOfAStop(_ seed: UInt64) async throws -> [String] {
    var limits = SimulationLimits()
    limits.traceEvents = .max
    return try await simulate(seed: seed, limits: limits) { world in
      let server = world.host("server")
      world.server("server") { a, b in a + b }
      for index in 0..<12 {
        world.host("client\(index)").start {
          try await withServiceGroup("sums", at: [.tcp("server", 9090)]) { group in
            while true {
              _ = try? await group.add(1, 2)
              try await world.sleep(for: .milliseconds(300))
            }
          }
        }
      }
      try await world.sleep(for: .seconds(1))
      server.kill()
      try await world.sleep(for: .seconds(1))
      return world.trace
    }
  }

  @Test("a group closes its endpoints in the same order in every run")
  func orderOfEndpoints() async throws {
    // They used to be closed in the order of a dictionary, which differs from process to process and copy to copy.
    let runs = try await [traceOfAGroup(), traceOfAGroup()]
    #expect(runs[0] == runs[1])
    #expect(runs[0].count > 50)
  }

  private func traceOfAGroup() async throws -> [String] {
    var limits = SimulationLimits()
    limits.traceEvents = .max
    return try await simulate(seed: 4, limits: limits) { world in
      let names = (0..<10).map { "server\($0)" }
      for name in names { world.server(name) { a, b in a + b } }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        let source = EndpointSource { [turns = Turns()] in
          [EndpointAddress.tcp(names[turns.next() % names.count], 9090)]
        }
        try await withServiceGroup("sums", at: source) { group in
          for _ in names { _ = try await group.add(1, 2) }
        }
        try await world.sleep(for: .seconds(1))
      }
      return world.trace
    }
  }

  @Test("a group that is closed leaves no timer behind", arguments: [1, 5] as [UInt64])
  func timersOfAClosedGroup(seed: UInt64) async throws {
    // The reapers of the group and of each endpoint used to stay. The simulation counts timers when the body ends.
    try await simulate(seed: seed) { world in
      world.server("server") { a, b in a + b }
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.policy.perEndpoint.pool.idle = .seconds(60)
        configuration.endpointIdle = .seconds(60)
        try await withServiceGroup("sums", at: [.tcp("server", 9090)], configuration: configuration) { group in
          _ = try await group.add(1, 2)
        }
      }
    }
  }

  @Test("what happens to a stream while its reader is on the way to sleep wakes the reader")
  func lostWakeUp() async throws {
    // A task with an executor preference is suspended on its way into a continuation; what came in between was missed.
    try await simulate(seed: 1) { world in
      for delay in 0..<4 {
        let connection = try await world.connection()
        let stream = connection.client
        await withTaskGroup(of: Void.self) { tasks in
          tasks.addTask(executorPreference: stream.loop) { try? await stream.waitUntilReadable() }
          tasks.addTask(executorPreference: stream.loop) {
            for _ in 0..<delay { await Task.yield() }
            stream.abort(SocketError(.cancelled, "somebody else closed it"))
          }
        }
        await connection.client.on { $0.close() }
        await connection.server.on { $0.close() }
      }
    }
  }

  @Test("storm 13: a server takes the clients of every protocol and framing for what they are")
  func recognition() async throws {
    // JSON without frames begins like a frame of 1.5 GB, and with frames like a message without.
    try await simulate(seed: 13) { world in
      world.server("server") { a, b in a + b }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        for format in ThriftFormat.allCases {
          for framing in [Framing.framed, .unframed] {
            var configuration = ClientConfiguration()
            configuration.format = format
            configuration.framing = framing
            try await withServiceGroup("sums", at: [.tcp("server", 9090)], configuration: configuration) { group in
              for number in 0..<3 as Range<Int32> {
                let sum = try await group.add(number, 1)
                #expect(sum == number + 1, "\(format) \(framing)")
              }
            }
          }
        }
      }
    }
  }

  @Test("storm 8: a call that shares another's attempt ends by its own deadline")
  func deadlineOfAFollower() async throws {
    try await simulate(seed: 8) { world in
      world.slowServer("server", .milliseconds(100))
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("server", 9090)]) {
          Method(Calculator.peek) { SingleFlight() }
        } body: { (group) async throws -> Void in
          async let leader = world.timed { try await group.call(Calculator.peek, .init(2, 3)) }
          try await world.sleep(for: .milliseconds(10))
          let follower = await world.timed {
            try await withDeadline(.milliseconds(20)) { try await group.call(Calculator.peek, .init(2, 3)) }
          }
          #expect(follower.result.code == .deadlineExceeded)
          #expect(follower.took == .milliseconds(20))
          #expect(await leader.result.value == 5)
        }
      }
    }
  }

  @Test("storm 8: a call whose deadline is over does not end those that share its attempt and have more time")
  func deadlineOfALeader() async throws {
    try await simulate(seed: 8) { world in
      world.slowServer("server", .milliseconds(100))
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("server", 9090)]) {
          Deadline(.milliseconds(150))
          Method(Calculator.peek) { SingleFlight() }
        } body: { (group) async throws -> Void in
          async let leader = world.timed {
            try await withDeadline(.milliseconds(20)) { try await group.call(Calculator.peek, .init(2, 3)) }
          }
          try await world.sleep(for: .milliseconds(10))
          async let late = world.timed { try await group.call(Calculator.peek, .init(2, 3)) }
          #expect(await leader.result.code == .deadlineExceeded)
          let follower = await late
          #expect(follower.result.value == 5, "it made the call itself, from when the leader gave up")
          #expect(follower.took > .milliseconds(110) && follower.took < .milliseconds(112))
        }
      }
    }
  }

  @Test("storm 2: a cancelled call that shares another's attempt fails as any cancelled call does")
  func cancelledFollower() async throws {
    try await simulate(seed: 2) { world in
      world.slowServer("server", .milliseconds(100))
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: [.tcp("server", 9090)]) {
          Method(Calculator.peek) { SingleFlight() }
        } body: { (group) async throws -> Void in
          async let leader = world.timed { try await group.call(Calculator.peek, .init(2, 3)) }
          try await world.sleep(for: .milliseconds(10))
          let follower = await withTaskGroup { tasks in
            tasks.addTask { await world.timed { try await group.call(Calculator.peek, .init(2, 3)) } }
            try? await world.sleep(for: .milliseconds(10))
            tasks.cancelAll()
            return await tasks.next()
          }
          #expect(follower?.result.code == .cancelled)
          #expect(follower?.took == .milliseconds(10))
          #expect(await leader.result.value == 5)
        }
      }
    }
  }

  @Test("those that share an attempt go on in the order in which they came")
  func orderOfFollowers() async throws {
    // It used to be that of a dictionary, which differs from process to process.
    try await simulate(seed: 1) { world in
      let flight = SingleFlight.Runner<String, Int>()
      let log = Log()
      try await withThrowingDiscardingTaskGroup { tasks in
        for number in 0..<20 {
          tasks.addTask {
            try await world.sleep(for: .milliseconds(number))
            _ = try await flight.run("key") {
              try await world.sleep(for: .seconds(1))
              return number
            }
            log.add("\(number)")
          }
        }
      }
      #expect(log.lines == (0..<20).map { "\($0)" })
    }
  }

  @Test("a name that is not resolved holds no call for longer than connecting may take, or its deadline")
  func slowName() async throws {
    try await simulate(seed: 1) { world in
      world.server("server")
      world.setName("cluster", to: [world.host("server")])
      world.setName("cluster", delay: .seconds(5))
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("sums", at: .dns("cluster", port: 9090)) { (group) async throws -> Void in
          let patient = await world.timed { try await group.add(1, 1) }
          #expect(patient.result.code == .unavailable)
          #expect(patient.took == .milliseconds(100))
          let hasty = await world.timed { try await withDeadline(.milliseconds(30)) { try await group.add(1, 1) } }
          #expect(hasty.result.code == .unavailable)
          #expect(hasty.took == .milliseconds(30))
          // The look-up goes on, for whoever comes next.
          try await world.sleep(for: .seconds(5))
          let later = await world.timed { try await group.add(1, 1) }
          #expect(try later.result.get() == 2)
          #expect(later.took < .milliseconds(10))
        }
      }
    }
  }
}

private final class Turns: @unchecked Sendable {
  // @unchecked: used on the world's thread only.
  private var count = 0

  func next() -> Int {
    count += 1
    return count
  }
}
