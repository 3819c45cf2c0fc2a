import SeaThrift

// Two servers of the same service and a client that calls them through a group, all in this process, on real sockets.
// One server hangs, then one goes away; the calls go on.

let timeline = Timeline()
let database = Database()
let first = Storage(database)
let second = Storage(database)

var configuration = ClientConfiguration()
configuration.policy.perEndpoint.timeouts.read = .milliseconds(150)
configuration.policy.perEndpoint.circuitBreaker = CircuitBreaker(
  .failures(over: 3, within: .seconds(60)), reopen: .constant(.milliseconds(1500)))
configuration.observers = [timeline]

var server = ServerConfiguration()
server.gracePeriod = .seconds(1)

try await withThriftServer(on: .tcp("127.0.0.1", 0), configuration: server) {
  UserStorage.service(second)
} body: { secondAddress in
  let gone = try await withThriftServer(on: .tcp("127.0.0.1", 0), configuration: server) {
    UserStorage.service(first)
  } body: { firstAddress in
    timeline.name(firstAddress, "first")
    timeline.name(secondAddress, "second")
    let group = try ServiceGroup("users", at: [firstAddress, secondAddress], configuration: configuration)
    let users = UserStorage.Client(group)

    timeline.say("two servers: first at \(firstAddress), second at \(secondAddress)")
    for (id, name) in [(1, "Ada"), (2, "Grace"), (3, "Barbara")] {
      try await users.store(user: UserProfile(id: Int32(id), name: name, motto: id == 2 ? "Dare and do." : nil))
    }
    timeline.called("stored three users; number 2 is \(try await users.retrieve(id: 2))")
    do {
      _ = try await users.retrieve(id: 4)
    } catch let error as NotFound {
      timeline.called("number 4 is an exception that the IDL declares: \(error)")
    }

    timeline.say("the first server hangs from now on")
    await first.hang(true)
    for _ in 1...4 { timeline.called("  got \(try await users.retrieve(id: 2).name)") }
    timeline.say("four calls later its breaker is open, and calls go straight to the second:")
    for _ in 1...3 { timeline.called("  got \(try await users.retrieve(id: 1).name)") }

    timeline.say("the first server answers again; its breaker finds out when the next probe is due")
    await first.hang(false)
    while timeline.counts.closings == 0 {
      try await Task.sleep(for: .milliseconds(100))
      _ = try await users.retrieve(id: 3)
    }
    await group.close()
    return firstAddress
  }

  timeline.say("the first server is stopped: its port refuses connections")
  try await withServiceGroup("users", at: [gone, secondAddress], configuration: configuration) { group in
    let users = UserStorage.Client(group)
    for id in 1...3 { timeline.called("  got \(try await users.retrieve(id: Int32(id)).name)") }
  }
}

let counts = timeline.counts
print(
  """
  Summary: \(counts.calls) calls, all answered, through \(counts.timeouts) read timeouts, \(counts.refusals) refused \
  connections, a circuit breaker that opened \(counts.openings) time and closed \(counts.closings) time.
  """)
