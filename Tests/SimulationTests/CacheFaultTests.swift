import SeaThriftTesting
import Testing

@Suite("Kept replies and faults")
struct CacheFaultTests {
  /// A method that may answer that there is no such thing, which is an exception of its own.
  private struct Missing: Error {}

  private struct Finding: ThriftResult {
    static var thriftName: String { "result" }
    var success: Int32?
    var isMissing = false

    init(success: Int32) { self.success = success }

    init?(declared error: any Error) {
      guard error is Missing else { return nil }
      isMissing = true
    }

    func get() throws -> Int32? {
      if isMissing { throw Missing() }
      return success
    }

    init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {
      try reader.readStructBegin()
      while true {
        let field = try reader.readFieldBegin()
        if field.type == .stop { break }
        switch (field.id, field.type) {
        case (0, .i32): success = try reader.readI32()
        case (1, .i32): isMissing = try reader.readI32() == 1
        default: try reader.skip(field.type)
        }
        try reader.readFieldEnd()
      }
      try reader.readStructEnd()
    }

    func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
      try writer.writeStructBegin("result")
      if let success { try writer.writeField("success", 0, success) }
      if isMissing { try writer.writeField("missing", 1, 1 as Int32) }
      try writer.writeFieldStop()
      try writer.writeStructEnd()
    }
  }

  private static let find = IdempotentMethod<Calculator.Arguments, Finding>(service: "Catalog", name: "find")

  /// What the service of a test does, and how often it was asked.
  private final class Catalog: @unchecked Sendable {
    // @unchecked: used on the world's thread only.
    var find: () async throws -> Int32 = { 1 }
    var asked = 0
  }

  private func withCatalog(
    _ cache: Cache, _ body: @escaping @Sendable (World, Catalog, ServiceGroup) async throws -> Void
  ) async throws {
    try await simulate(seed: 1) { world in
      let catalog = Catalog()
      world.host("a").start {
        var quiet = ServerConfiguration()
        quiet.log = nil
        try await ThriftServer(on: .tcp("0.0.0.0", 9090), configuration: quiet) {
          ThriftService(
            "Catalog",
            [
              ServiceMethod(Self.find.descriptor) { _ in
                catalog.asked += 1
                return try await catalog.find()
              }
            ])
        }.run()
      }
      try await world.sleep(for: .seconds(1))
      try await world.host("client").run {
        try await withServiceGroup("catalog", at: [.tcp("a", 9090)]) {
          Method(Self.find) { cache }
          PerEndpoint { Timeouts(read: .seconds(60)) }
        } body: { (group) async throws -> Void in
          _ = try await group.call(Self.find, .init(7, 7))
          try await world.sleep(for: .seconds(2))
          try await body(world, catalog, group)
        }
      }
    }
  }

  private static let ifError = Cache(ttl: .seconds(1), staleIfError: .seconds(600))

  @Test("an answer that the service declares is not replaced by what it said before")
  func declared() async throws {
    try await withCatalog(Self.ifError) { _, catalog, group in
      catalog.find = { throw Missing() }
      await #expect(throws: Missing.self) { try await group.call(Self.find, .init(7, 7)) }
    }
  }

  @Test("an error that is none of the service's answers is replaced")
  func undeclared() async throws {
    try await withCatalog(Self.ifError) { (_, catalog, group) async throws -> Void in
      catalog.find = { throw Undeclared() }
      #expect(try await group.call(Self.find, .init(7, 7)) == 1)
    }
  }

  @Test("a call that is cancelled does not succeed with what is kept")
  func cancelled() async throws {
    try await withCatalog(Self.ifError) { world, catalog, group in
      catalog.find = {
        try await world.sleep(for: .seconds(30))
        return 2
      }
      let code = await withTaskGroup { tasks in
        tasks.addTask { await world.codes(1) { try await group.call(Self.find, .init(7, 7)) }.first ?? nil }
        try? await world.sleep(for: .milliseconds(50))
        tasks.cancelAll()
        return await tasks.next() ?? nil
      }
      #expect(code == .cancelled)
    }
  }

  @Test("nobody waits for a reply to be fetched anew, which is done once for all")
  func revalidation() async throws {
    try await withCatalog(Cache(ttl: .seconds(1), staleWhileRevalidate: .seconds(100))) {
      (world, catalog, group) async throws -> Void in
      catalog.find = {
        try await world.sleep(for: .milliseconds(100))
        return 2
      }
      let start = world.now
      let codes = await world.codes(50) { try await group.call(Self.find, .init(7, 7)) }
      #expect(codes.allSatisfy { $0 == nil } && world.now == start)
      try await world.sleep(for: .milliseconds(200))
      #expect(catalog.asked == 2)
      #expect(try await group.call(Self.find, .init(7, 7)) == 2)
    }
  }

  @Test("a fetch that fails leaves the old reply to be served, and is not repeated by every call")
  func failedRevalidation() async throws {
    try await withCatalog(Cache(ttl: .seconds(1), staleWhileRevalidate: .seconds(100))) {
      (world, catalog, group) async throws -> Void in
      catalog.find = { throw Undeclared() }
      for _ in 0..<100 {
        #expect(try await group.call(Self.find, .init(7, 7)) == 1)
        try await world.sleep(for: .milliseconds(10))
      }
      #expect((2...4).contains(catalog.asked), "\(catalog.asked)")
    }
  }

  @Test("a fetch goes on when the call that began it is cancelled, and ends with its group")
  func revalidationOutlivesItsCall() async throws {
    try await withCatalog(Cache(ttl: .seconds(1), staleWhileRevalidate: .seconds(100))) {
      (world, catalog, group) async throws -> Void in
      catalog.find = {
        try await world.sleep(for: .seconds(1))
        return 2
      }
      await withTaskGroup { tasks in
        tasks.addTask { _ = try? await group.call(Self.find, .init(7, 7)) }
        await tasks.next()
        tasks.cancelAll()
      }
      try await world.sleep(for: .milliseconds(1_100))
      #expect(try await group.call(Self.find, .init(7, 7)) == 2)
      try await world.sleep(for: .seconds(2))
      _ = try await group.call(Self.find, .init(7, 7))
      // The simulation finds what is left behind of the fetch that has just begun.
    }
  }
}
