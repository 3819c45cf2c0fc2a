import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import SeaThriftTime
import Testing

/// Runs what the documents show, as far as it can run without their addresses.
@Suite("The documents' examples")
struct SnippetTests {
  @Test("serve a first service, and stop with the block they serve")
  func firstService() async throws { try await inTests() }

  @Test("pass over a server that dies")
  func testing() async throws { try await aServerThatDiesIsPassedOver() }

  @Test("encode and decode a value")
  func values() throws {
    let user = User(id: 2, name: "Grace")
    #expect(try roundTrip(user) == user)
  }

  @Test("store values of other types than structs, and read the pages of a file")
  func alone() throws {
    let grace = User(id: 2, name: "Grace")
    #expect(try store([grace], by: ["Grace": grace]) == [grace])
    let file = try PageHeader(size: 2).thriftBytes(.compact) + [1, 2] + PageHeader().thriftBytes(.compact)
    #expect(try pages(file) == [[1, 2], []])
  }

  @Test("answer a datagram")
  func datagram() async throws {
    let request = Array("[1,\"define\",1,7,{\"1\":{\"str\":\"thrift\"}}]".utf8)
    let reply = try await answer(request, from: .tcp("10.0.0.9", 53), makeProcessor())
    #expect(String(decoding: reply ?? [], as: UTF8.self).contains("a plant of the sea cliffs"))
  }

  @Test("make a group with policies of its own")
  func group() async throws { await (try makeGroup()).close() }

  @Test("greet through the README's client and server")
  func readme() async throws {
    try await simulate(seed: 1) { world in
      // The README's client names the addresses of the first two hosts that a simulation makes.
      for name in ["a", "b"] { world.host(name).start { try await serve() } }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run { try await greet() }
    }
  }

  @Test("bind some of a service's methods, and say so when another one is called")
  func partialServices() async throws {
    struct Keeper: Users.Handler {
      func store(user: User) async throws {}
      func retrieve(id: Int32) async throws -> User { User(id: id, name: "Grace") }
    }
    let services = [readOnly([1: User(id: 1, name: "Grace")]), withoutStore(Keeper())]
    for service in services {
      try await withThriftServer(on: .tcp("127.0.0.1", 0)) {
        service
      } body: { address in
        let users = Users.Client(try Endpoint(address, configuration: patient))
        #expect(try await users.retrieve(id: 1) == User(id: 1, name: "Grace"))
        let error = await #expect(throws: RPCError.self) { try await users.store(user: User(id: 2)) }
        #expect(error?.code == .applicationException)
        #expect((error?.cause as? ApplicationException)?.kind == .unknownMethod)
        #expect(try await users.retrieve(id: 1).name == "Grace")
      }
    }
    let missing = NotFound(id: 5)
    try await withThriftServer(on: .tcp("127.0.0.1", 0)) {
      readOnly([:])
    } body: { address in
      let users = Users.Client(try Endpoint(address, configuration: patient))
      await #expect(throws: missing) { try await users.retrieve(id: 5) }
    }
  }

  /// The kernel is slow while all the other tests run.
  private var patient: ClientConfiguration {
    var configuration = ClientConfiguration()
    configuration.policy.perEndpoint.timeouts = Timeouts(connect: nil, pool: nil, write: nil, read: nil)
    return configuration
  }

  @Test("wrap a caller, and watch it")
  func wrapping() async throws {
    let seen = Lock([String]())
    try await withThriftServer(on: .tcp("127.0.0.1", 0)) {
      Dictionary.service(DictionaryHandler())
    } body: { address in
      var configuration = patient
      configuration.observers = [BreakerLog()]
      try await withServiceGroup("words", at: rotating([address]), configuration: configuration) { group in
        let counted = Counted(next: group) { name in seen.withLock { $0.append(name) } }
        let meaning = try await Dictionary.Client(counted).define(word: "thrift")
        #expect(meaning == "a plant of the sea cliffs")
      }
    }
    #expect(seen.withLock { $0 } == ["define"])
  }
}
