import Testing

/// Users' modules have types of their own with the names that ours have: theirs are meant then, and ours can still be named.
@Suite("A user's own types")
struct OwnNamesTests {
  private static let names = [
    "Network", "Method", "Instant", "Shadow", "Policy", "Pool", "Cache", "Retry", "Endpoint", "Deadline", "Balance",
    "Timeouts", "Pipeline", "Framing", "ServiceGroup",
  ]

  @Test("of the same names as ours are what is meant in their module, beside generated code")
  func sameNames() throws {
    let run = try ToolRun([
      "Inventory.thrift": "service Inventory { i32 count(1: string item) (idempotent = \"true\") }",
      "Sources/Own.swift": Self.names.map { "struct \($0) { var isOwn = true }" }.joined(separator: "\n") + "\n",
      "Sources/Use.swift": """
      import SeaThrift
      let own = [\(Self.names.map { "\($0)().isOwn" }.joined(separator: ", "))]
      func ours(_ group: SeaThrift.ServiceGroup) async throws -> Int32 {
        _ = try SeaThrift.Policy { SeaThrift.Method(Inventory.count) { SeaThrift.Retry(1) } }
        _ = try SeaThrift.Network(loopCount: 1)
        return try await Inventory.Client(group).count(item: "screw")
      }
      """,
    ])
    let generated = try run.run("generate", "--out", "Sources", "Inventory.thrift")
    try #require(generated.status == 0, "\(generated.errors)")
    let errors = try run.errors(in: "Sources")
    #expect(errors.isEmpty, "\(errors)")
  }
}
