import Foundation
import SeaThrift
import Testing

@Suite("The schema of policies")
struct SchemaTests {
  private let schema: Schema

  init() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    schema = try Schema(folder.deletingLastPathComponent().appending(path: "Documentation/policy.schema.json"))
  }

  /// A policy that has every slot, and no field that is `nil`.
  private static var complete: Policy {
    let timeouts = Timeouts(
      connect: .seconds(1), pool: .seconds(1), write: .seconds(1), read: .seconds(1), attempt: .seconds(1))
    let pool = Pool(lifetime: .seconds(60))
    let retry = Retry(2, backoff: .exponential(from: .milliseconds(20)), budget: .share(0.1))
    let balance = Balance(.consistentHash(), slowStart: .seconds(1), zone: "east")
    let breaker = CircuitBreaker(
      .any(
        .failures(over: 1, within: .seconds(1)), .consecutive(3), .errorRate(0.5, of: 2, within: .seconds(1)),
        .slowRate(0.5, slowerThan: .seconds(1), of: 2, within: .seconds(1))))
    var shadow = ShadowPolicy()
    shadow.bulkhead = Bulkhead(3, wait: .seconds(1))
    shadow.rateLimit = RateLimit(10, burst: 3, wait: .seconds(1))
    shadow.adaptiveLimit = AdaptiveLimit()
    shadow.deadline = Deadline(.seconds(1))
    shadow.retry = retry
    shadow.hedge = Hedge(after: .fixed(.milliseconds(20)))
    shadow.circuitBreaker = breaker
    shadow.timeout = AttemptTimeout(.seconds(1))
    shadow.cache = Cache()
    shadow.singleFlight = SingleFlight()
    shadow.fallback = true
    shadow.balance = Balance(.peakEWMA(), slowStart: .seconds(1), zone: "east")
    shadow.pool = pool
    shadow.timeouts = timeouts
    var method = MethodPolicy()
    method.deadline = shadow.deadline
    method.bulkhead = shadow.bulkhead
    method.rateLimit = shadow.rateLimit
    method.retry = retry
    method.timeouts = timeouts
    method.circuitBreaker = breaker
    method.hedge = Hedge()
    method.cache = Cache()
    method.singleFlight = SingleFlight()
    method.shadow = shadow
    var policy = Policy()
    policy.deadline = shadow.deadline
    policy.bulkhead = shadow.bulkhead
    policy.rateLimit = shadow.rateLimit
    policy.adaptiveLimit = AdaptiveLimit()
    policy.retry = retry
    policy.balance = balance
    policy.perEndpoint.circuitBreaker = breaker
    policy.perEndpoint.timeouts = timeouts
    policy.perEndpoint.pool = pool
    policy.shadow = shadow
    policy.methods = ["Users.retrieve": method]
    return policy
  }

  @Test("has every field that a policy writes, and no other", arguments: [Policy.default, .recommended, complete])
  func fields(policy: Policy) throws {
    #expect(try schema.mistakes(in: policy.json) == [])
    #expect(try Policy(json: policy.json) == policy)
    if policy == Self.complete { #expect(try schema.missing(in: policy.json) == []) }
  }

  @Test("has every field of a server's policy, and no other")
  func serverFields() throws {
    var watching = ShadowPolicy()
    watching.bulkhead = Self.complete.bulkhead
    watching.rateLimit = Self.complete.rateLimit
    watching.adaptiveLimit = AdaptiveLimit()
    let limits = ServerLimits(
      bulkhead: watching.bulkhead, rateLimit: watching.rateLimit, adaptiveLimit: AdaptiveLimit(), shadow: watching)
    var policy = ServerPolicy()
    policy.limits = limits
    policy.methods = ["Users.retrieve": limits]
    #expect(try schema.mistakes(in: policy.json, definition: "ServerPolicy") == [])
    #expect(try schema.missing(in: policy.json, definition: "ServerPolicy") == [])
    #expect(try ServerPolicy(json: policy.json) == policy)
  }

  @Test("fits the JSON that the guides show")
  func examples() throws {
    // What the plugin reads is tried with the plugin's own code, in the tests of the tool.
    let blocks = Block.all.filter { $0.language == "json" && !$0.document.hasSuffix("Compiler.md") }
    #expect(blocks.contains { $0.document.hasSuffix("Policies.md") })
    for block in blocks {
      let definition = block.document.hasSuffix("Servers.md") ? "ServerPolicy" : nil
      #expect(try schema.mistakes(in: block.text, definition: definition) == [], "\(block.testDescription)")
    }
  }

  @Test(
    "refuses what reading refuses",
    arguments: [
      #"{"retries": {}}"#, #"{"deadline": "0s"}"#, #"{"deadline": 5}"#, #"{"deadline": "5 s"}"#,
      #"{"rateLimit": {"rate": 0}}"#, #"{"retry": {"retries": 1001}}"#, #"{"retry": {"retries": 1.5}}"#,
      #"{"balance": {"algorithm": "fastest"}}"#, #"{"balance": {"panicBelow": 1.1}}"#,
      #"{"perEndpoint": {"pool": {"size": 0}}}"#, #"{"perEndpoint": {"circuitBreaker": {"trip": {}}}}"#,
      #"{"perEndpoint": {"circuitBreaker": {"trip": {"slowRate": {"rate": 0.5}}}}}"#,
      #"{"methods": {"Users.retrieve": {"hedge": {"after": {"percentile": 1}}}}}"#,
      #"{"methods": {"Users.retrieve": {"balance": {}}}}"#, #"{"shadow": {"fallback": "yes"}}"#,
      #"{"shadow": {"hashKey": {}}}"#,
    ])
  func refusals(json: String) throws {
    #expect(throws: (any Error).self) { try Policy(json: json) }
    #expect(try !schema.mistakes(in: json).isEmpty)
  }
}
