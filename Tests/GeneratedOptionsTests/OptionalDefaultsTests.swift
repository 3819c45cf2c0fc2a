import SeaThrift
import Testing

/// This target has none of the upcoming features that the project's others have: it is a user's, with plain settings. What
/// is generated in it goes by the target's `seathrift.json`.
@Suite("Fields of default requiredness as optionals")
struct OptionalDefaultsTests {
  @Test(
    "what a peer leaves out stays out when the value is read, changed and written", arguments: ThriftFormat.allCases)
  func absent(format: ThriftFormat) throws {
    let sent = Table(tableName: "t", columns: [], owner: parties.Party(kind: .COMPANY))
    var table = try Table(thriftBytes: sent.thriftBytes(format), format)
    #expect(table == sent)
    #expect(table.viewOriginalText == nil && table.createTime == nil && table.owner?.name == nil)
    table.createTime = 7
    let altered = try Table(thriftBytes: table.thriftBytes(format), format)
    #expect(altered.createTime == 7 && altered.viewOriginalText == nil && altered.parent == nil)
    #expect(altered.columns == [] && altered.parameters == nil)
    #expect(altered.description.contains("createTime: 7") && !altered.description.contains("viewOriginalText"))
  }

  @Test("nothing that was not set is written, and empty is not the same as absent")
  func written() throws {
    var table = Table()
    table.ownerKind = nil
    #expect(try table.thriftBytes() == [0])
    #expect(Table(columns: []) != Table())
    #expect(Table(tableName: "") != Table())
  }

  @Test("a default of the IDL is there from the start")
  func declaredDefault() throws {
    #expect(Table().ownerKind == .PERSON)
    #expect(try Table(thriftBytes: [0]).ownerKind == .PERSON)
  }

  @Test("a service's arguments are what they were, and a call keeps what is absent absent")
  func service() async throws {
    struct Keeper: Tables.Handler {
      func get(name: String) async throws -> Table { Table(tableName: name) }
      func alter(name: String, table: Table) async throws {
        guard table.viewOriginalText == nil else { throw NoSuchTable(message: table.title) }
      }
    }
    try await withThriftServer(on: .tcp("127.0.0.1", 0)) {
      Tables.service(Keeper())
    } body: { address in
      var configuration = ClientConfiguration()
      configuration.policy.perEndpoint.timeouts = Timeouts(connect: nil, pool: nil, write: nil, read: nil)
      let tables = Tables.Client(try Endpoint(address, configuration: configuration))
      var table = try await tables.get(name: "x")
      table.createTime = 1
      try await tables.alter(name: "x", table: table)
      table.viewOriginalText = ""
      await #expect(throws: NoSuchTable(message: "x")) { try await tables.alter(name: "x", table: table) }
    }
  }
}
