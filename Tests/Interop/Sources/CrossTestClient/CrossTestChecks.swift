import CrossTestIDL
import SeaThrift

/// The calls of one client, and what came of them.
struct CrossTestChecks {
  /// What the exit status says of a failed call.
  enum Group: Int32 {
    case baseTypes = 1
    case structs = 2
    case containers = 4
    case exceptions = 8
  }

  let client: CrossTest.ThriftTest.Client
  let second: CrossTest.SecondService.Client?
  /// The sum of the groups of which a call failed.
  private(set) var status: Int32 = 0
  /// Whether no connection can be made.
  private(set) var isHopeless = false
  private var calls = 0

  private static let cannotRun: Int32 = 64
  private static let timedOut: Int32 = 128

  init(_ endpoint: Endpoint, _ options: CrossTestOptions) {
    if options.usesServiceNames {
      client = .init(Prefixed(caller: endpoint, service: "ThriftTest"))
      second = .init(Prefixed(caller: endpoint, service: "SecondService"))
    } else {
      client = .init(endpoint)
      second = nil
    }
  }

  /// Makes every call, in the order of Apache's clients.
  mutating func makeAllCalls() async {
    await callBaseTypes()
    await callStructs()
    await callContainers()
    await callExceptions()
    say("\(calls) calls")
  }

  /// Makes a call that must end as `body` says, which returns whether it did.
  mutating func check(_ group: Group, _ what: String, _ body: () async throws -> Bool) async {
    guard !isHopeless else {
      status |= group.rawValue
      return
    }
    calls += 1
    do {
      if try await body() { return say("\(what): right") }
      say("\(what): WRONG")
    } catch {
      say("\(what): FAILED: \("\(error)".prefix(400))")
      if let error = error as? RPCError {
        if [.connectionRefused, .unreachable, .connectTimeout, .unknownHost].contains(error.code) {
          status |= Self.cannotRun
          isHopeless = true
        }
        if [.readTimeout, .writeTimeout].contains(error.code) { status |= Self.timedOut }
      }
    }
    status |= group.rawValue
  }

  /// Makes a call that must return what it is given.
  mutating func echo<Value: Equatable>(
    _ group: Group, _ name: String, _ values: [Value], _ call: (Value) async throws -> Value
  ) async {
    for value in values {
      await check(group, "\(name)(\("\(value)".prefix(60)))") { try await call(value) == value }
    }
  }
}
