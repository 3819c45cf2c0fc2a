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

  @Test("has every field that a policy writes, and no other", arguments: [Policy.default, .recommended])
  func fields(policy: Policy) throws {
    #expect(try schema.mistakes(in: policy.json) == [])
    #expect(try Policy(json: policy.json) == policy)
  }

  @Test("has no field that is not read and written", arguments: 0..<Schema.mostChoices)
  func samples(choice: Int) throws {
    let policy = try Policy(json: schema.sample(choosing: choice))
    #expect(try schema.mistakes(in: policy.json) == [])
    #expect(try schema.missing(in: policy.json) == [])
    #expect(try Policy(json: policy.json) == policy)
    let server = try ServerPolicy(json: schema.sample(of: "ServerPolicy", choosing: choice))
    #expect(try schema.mistakes(in: server.json, definition: "ServerPolicy") == [])
    #expect(try schema.missing(in: server.json, definition: "ServerPolicy") == [])
    #expect(try ServerPolicy(json: server.json) == server)
  }

  @Test("has the slots of every table, and no other")
  func slots() {
    #expect(schema.fields() == Set(Policy.slots.map(\.key)))
    #expect(schema.fields(of: "PerEndpoint") == Set(EndpointPolicy.slots.map(\.key)))
    #expect(schema.fields(of: "Method") == Set(MethodPolicy.slots.map(\.key)))
    #expect(schema.fields(of: "Shadow") == Set(ShadowPolicy.slots.map(\.key)))
    #expect(schema.fields(of: "ServerLimits") == Set(ServerLimits.slots.map(\.key)))
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
