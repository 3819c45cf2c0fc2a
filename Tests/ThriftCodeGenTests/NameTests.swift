import Testing

@testable import ThriftCodeGen

@Suite("Names")
struct NameTests {
  @Test("names of the IDL stay as they are")
  func unchanged() throws {
    let swift = try generate("struct snake_case { 1: i32 camelCase, 2: i32 CamelCase, 3: i32 camelcase, 4: i32 _x }")
    #expect(
      lines(of: swift, with: "public var ") == [
        "public var camelCase: Swift::Int32", "public var CamelCase: Swift::Int32",
        "public var camelcase: Swift::Int32", "public var _x: Swift::Int32",
      ])
    #expect(swift.contains("public struct snake_case: SeaThrift::ThriftStruct {"))
  }

  @Test("a keyword gets backticks as a name, and none as a label")
  func keywords() throws {
    let swift = try generate("struct S { 1: i32 where }")
    #expect(swift.contains("public var `where`: Swift::Int32"))
    #expect(swift.contains("public init(where: Swift::Int32 = 0) {"))
    #expect(swift.contains("self.where = `where`"))
    #expect(swift.contains(#"try writer.writeField("where", 1, self.where)"#))
  }

  @Test("the labels that Swift still reserves get backticks")
  func labels() throws {
    let swift = try generate(
      "service S { void f(1: i32 inout, 2: i32 let, 3: i32 var) } struct T { 1: i32 inout } const T t = {'inout': 1}")
    #expect(swift.contains("f(`inout`: Swift::Int32, `let`: Swift::Int32, `var`: Swift::Int32)"))
    #expect(swift.contains("try await self.caller.call(S.f, .init(`inout`: `inout`, let: `let`, var: `var`))"))
    #expect(swift.contains("let t: T = .init(`inout`: 1)"))
  }

  @Test(
    "what cannot be a member's name, or is a generated member's, gets an underscore",
    arguments: [
      "self", "Self", "init", "Type", "Protocol", "description", "hashValue", "hash", "thriftName", "write", "encode",
      "decode", "thriftBytes",
    ])
  func reserved(name: String) throws {
    let swift = try generate("struct S { 1: i32 \(name) } union U { 1: i32 \(name) }")
    #expect(swift.contains("public var \(name)_: Swift::Int32"))
    #expect(swift.contains("case \(name)_(Swift::Int32)"))
    #expect(swift.contains(#"try writer.writeField("\#(name)", 1, self.\#(name)_)"#))
  }

  @Test("an underscore never makes two names one, and the name that was free keeps its form")
  func underscores() throws {
    let swift = try generate("struct S { 1: i32 hash, 2: i32 hash_, 3: i32 hash__ }")
    #expect(
      lines(of: swift, with: "public var ") == [
        "public var hash___: Swift::Int32", "public var hash_: Swift::Int32", "public var hash__: Swift::Int32",
      ])
  }

  @Test("a boxed property keeps the name of its storage free")
  func storage() throws {
    let swift = try generate("struct S { 1: optional S next, 2: i32 _next }")
    #expect(swift.contains("@SeaThrift::Boxed public var next: S?"))
    #expect(swift.contains("public var _next_: Swift::Int32"))
  }

  @Test("types of the standard library and of the runtime may be declared anew")
  func shadowing() throws {
    let swift = try generate("struct String { 1: string Int32, 2: String_ s } struct String_ {} exception Error {}")
    #expect(swift.contains("public struct String: SeaThrift::ThriftStruct {"))
    #expect(swift.contains("public var Int32: Swift::String"))
    #expect(swift.contains("public struct Error: SeaThrift::ThriftException {"))
  }

  @Test("a type that a property hides in expressions is named where only types are looked for")
  func hiddenByProperty() throws {
    let swift = try generate("struct Item {} struct S { 1: Item Item, 2: list<Item> items, 3: map<Item, Item> pairs }")
    #expect(swift.contains("value1 = try reader.readStruct(Swift::Array<Item>.Element.self)"))
    #expect(swift.contains("reader.reservation(for: count, of: Swift::Array<Item>.Element.self)"))
    #expect(swift.contains("var map = Swift::Dictionary<Item, Item>(minimumCapacity: "))
  }

  @Test("a type that the service's own types hide gets a second name")
  func hiddenByService() throws {
    let swift = try generate("struct Client {} service S { Client get() }")
    #expect(swift.contains("public typealias ClientType = Client\n"))
    #expect(swift.contains("nonisolated(nonsending) func get() async throws -> ClientType"))
    #expect(!(try generate("struct Customer {} service S { Customer get() }").contains("typealias Customer")))
  }

  @Test("a second name is one that nothing else has")
  func alias() throws {
    let swift = try generate("struct Client {} struct ClientType {} service S { Client get(1: ClientType t) }")
    #expect(swift.contains("public typealias ClientTypeType = Client\n"))
  }

  @Test("a service that is called as its function is found by its second name")
  func serviceHiddenByFunction() throws {
    let swift = try generate("service ping { void ping() }")
    #expect(swift.contains("try await self.caller.call(pingType.ping, .init())"))
  }

  @Test("a function that is called as a member of every service gets an underscore, and keeps its name on the wire")
  func functions() throws {
    let swift = try generate("service S { void serviceName(), void caller(), void Client(), void methodNames() }")
    for name in ["serviceName", "methodNames", "caller", "Client"] {
      #expect(swift.contains("func \(name)_() async throws"))
      #expect(swift.contains("name: \"\(name)\","))
    }
  }

  @Test("a function has another Swift name than those that its service inherits")
  func inherited() throws {
    let swift = try generate("service A { void Client() } service B extends A { void Client_() }")
    #expect(
      lines(of: swift, with: "nonisolated(nonsending) func ") == [
        "nonisolated(nonsending) func Client_() async throws", "nonisolated(nonsending) func Client__() async throws",
      ])
  }

  @Test("a const is referred to by name, unless a nearer name hides it")
  func constants() throws {
    let swift = try generate("const i32 limit = 5 struct S { 1: i32 a = limit } struct T { 1: i32 limit = limit }")
    #expect(swift.contains("public init(a: Swift::Int32 = limit) {"))
    #expect(swift.contains("public init(limit: Swift::Int32 = 5) {"))
  }

  @Test("of two equal names in one module, that of the included file gets an underscore")
  func sameNameInTwoFiles() throws {
    let files = try generateFiles(
      "include 'other.thrift' struct S { 1: other.S s }", with: ["other.thrift": "namespace java other struct S {}"])
    #expect(files["test.swift"]?.contains("public struct S: ") == true)
    #expect(files["other.swift"]?.contains("public struct S_: ") == true)
    #expect(files["test.swift"]?.contains("public var s: S_\n") == true)
  }
}
