import PlantsIDL
import SeaThrift
import Testing

/// One test at a time: each has a process of its own, and the machine may be small.
@Suite("Programs on Apache Thrift", .serialized, .timeLimit(.minutes(15)))
enum InteropTests {
  @Suite("for Python", .needs(.python))
  struct Python {
    @Test("understand our client, which understands them", arguments: Arrangement.all(.python))
    func called(arrangement: Arrangement) async throws { try await arrangement.callPeer() }

    @Test("call our server, which they understand", arguments: Arrangement.all(.python))
    func calling(arrangement: Arrangement) async throws { try await arrangement.beCalledByPeer() }

    @Test("understand our client in every protocol and framing", arguments: Arrangement.allForms(.python))
    func calledInAnyForm(arrangement: Arrangement) async throws { try await arrangement.callPeer() }

    @Test("call our server in every protocol and framing", arguments: Arrangement.allForms(.python))
    func callingInAnyForm(arrangement: Arrangement) async throws { try await arrangement.beCalledByPeer() }

    @Test(
      "do so with their codec in C, too", .needs(.python, .accelerator), arguments: Arrangement.bothFramings(.python))
    func accelerated(arrangement: Arrangement) async throws {
      let accelerated = arrangement.with(\.dialect, .accelerated)
      try await accelerated.callPeer()
      try await accelerated.beCalledByPeer()
    }

    @Test("exchange uuids with us", .needs(.python, .uuid), arguments: Arrangement.bothFramings(.python))
    func uuids(arrangement: Arrangement) async throws {
      let withUUIDs = arrangement.with(\.hasUUIDs, true)
      try await withUUIDs.callPeer()
      try await withUUIDs.beCalledByPeer()
    }

    @Test("may be framed or not on one port of our server")
    func onePort() async throws { try await callOnePort(.python) }

    @Test("harm no later call when they answer one that is oneway")
    func answerToOneway() async throws { try await callUnknownOneway(.python) }

    @Test("get every oneway call of a burst over HTTP", arguments: [false, true])
    func burst(isKnown: Bool) async throws { try await sendOnewayCalls(.python, isKnown: isKnown) }
  }

  @Suite("for C++", .needs(.cpp))
  struct Cpp {
    @Test("understand our client, which understands them", arguments: Arrangement.all(.cpp))
    func called(arrangement: Arrangement) async throws { try await arrangement.callPeer() }

    @Test("call our server, which they understand", arguments: Arrangement.all(.cpp))
    func calling(arrangement: Arrangement) async throws { try await arrangement.beCalledByPeer() }

    @Test("understand our client in every protocol and framing", arguments: Arrangement.allForms(.cpp))
    func calledInAnyForm(arrangement: Arrangement) async throws { try await arrangement.callPeer() }

    @Test("call our server in every protocol and framing", arguments: Arrangement.allForms(.cpp))
    func callingInAnyForm(arrangement: Arrangement) async throws { try await arrangement.beCalledByPeer() }

    @Test("serve our client with one thread for all", arguments: [Place.v4, .unix])
    func nonblocking(place: Place) async throws {
      try await Arrangement(peer: .cpp, framing: .framed, place: place, isNonblocking: true).callPeer()
    }

    @Test("may be framed or not on one port of our server")
    func onePort() async throws { try await callOnePort(.cpp) }

    @Test("harm no later call when they answer one that is oneway")
    func answerToOneway() async throws { try await callUnknownOneway(.cpp) }

    @Test("get every oneway call of a burst over HTTP", arguments: [false, true])
    func burst(isKnown: Bool) async throws { try await sendOnewayCalls(.cpp, isKnown: isKnown) }
  }

  private static func callOnePort(_ peer: Peer) async throws {
    let arrangements = Arrangement.bothFramings(peer)
    try await Arrangement.beCalledByPeer(arrangements + arrangements.map { $0.with(\.dialect, .old) })
  }

  /// Apache's servers answer an unknown method even when nobody waits for an answer.
  private static func callUnknownOneway(_ peer: Peer) async throws {
    try await Arrangement(peer: peer, framing: .framed).withClientsOfPeer { checks in
      for number in 0..<20 as Range<Int32> {
        try await checks.herbarium.ventilate(window: "north")
        #expect(try await checks.herbarium.echoI32(value: number) == number)
      }
    }
  }

  /// Python's server answers and closes, and has a backlog of 5; that for C++ 0.17 neither answers nor closes, and says who
  /// it is in its first response.
  ///
  /// - Parameter isKnown: Whether the first call gets a response.
  private static func sendOnewayCalls(_ peer: Peer, isKnown: Bool) async throws {
    try await Arrangement(peer: peer, framing: .http).withClientsOfPeer { checks in
      let herbarium = checks.herbarium
      let prefix = "burst \(UInt64.random(in: 0 ... .max)) "
      let sent = (0..<200).map { "\(prefix)\($0)" }
      if isKnown { try await herbarium.ping() }
      for note in sent { try await herbarium.jot(note: note) }
      var found: [String] = []
      for _ in 0..<100 where found.count < sent.count { found = try await herbarium.notes(prefix: prefix) }
      // Each on a connection of its own, several are served at the same time.
      if isKnown || peer == .python { #expect(found == sent) } else { #expect(Set(found) == Set(sent)) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        // As many at once as a pool lets wait by default.
        for note in sent.prefix(100) { group.addTask { try await herbarium.jot(note: "parallel " + note) } }
        try await group.waitForAll()
      }
      found = []
      for _ in 0..<100 where found.count < 100 { found = try await herbarium.notes(prefix: "parallel " + prefix) }
      #expect(Set(found) == Set(sent.prefix(100).map { "parallel " + $0 }))
    }
  }
}
