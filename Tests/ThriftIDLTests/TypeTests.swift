import Testing
import ThriftIDL

@Suite("Types")
struct TypeTests {
  @Test("all base types and containers, nested")
  func types() throws {
    let types = [
      "bool", "byte", "i8", "i16", "i32", "i64", "double", "string", "binary", "uuid", "list<set<i32>>",
      "map<list<string>, map<uuid, bool>>",
    ]
    let fields = types.enumerated().map { "\($0 + 1): \($1) f\($0)" }.joined(separator: "; ")
    let program = try program("struct S { \(fields) }")
    #expect(
      try program.fields(of: "S").map { program.text($0.type) }
        == types.map { $0 == "byte" ? "i8" : $0 })
  }

  @Test("a typedef keeps its name and leads to the type behind it, however long the chain")
  func typedefChain() throws {
    let program = try program("typedef B A\ntypedef C B\ntypedef list<i32> C\nstruct S { 1: A a }")
    let type = try program.fields(of: "S")[0].type
    #expect(program.text(type) == "A")
    #expect(program.text(program.underlying(type)) == "list<i32>")
  }

  @Test("types are the same when they are called differently")
  func sameTypes() throws {
    let text = """
      typedef i32 I
      typedef map<I, list<I>> M
      struct S { 1: M a, 2: map<i32, list<I>> b, 3: map<i32, list<i64>> c }
      """
    let program = try program(text)
    let types = try program.fields(of: "S").map(\.type)
    #expect(program.isSameType(types[0], types[1]))
    #expect(!program.isSameType(types[0], types[2]))
  }

  @Test("types may be used before they are defined")
  func useBeforeDefinition() throws {
    let program = try program("struct S { 1: T t, 2: E e, 3: D d }\ntypedef T D\nenum E {}\nstruct T {}")
    #expect(try program.fields(of: "S").map { program.text(program.underlying($0.type)) } == ["T", "E", "T"])
  }

  @Test("an unknown type is an error wherever it stands")
  func unknown() {
    let text = """
      typedef No1 T
      struct S { 1: map<No2, No3> a }
      const No4 C = 1
      service V { No5 f(1: No6 a) throws (1: No7 x) }
      """
    #expect(
      errors(text) == [
        "1:9: unknown type 'No1'", "2:19: unknown type 'No2'", "2:24: unknown type 'No3'", "3:7: unknown type 'No4'",
        "4:13: unknown type 'No5'", "4:22: unknown type 'No6'", "4:40: unknown type 'No7'",
      ])
  }

  @Test("a service is no type")
  func service() {
    #expect(errors("service V {}\nstruct S { 1: V v }") == ["2:15: 'V' is a service, not a type"])
  }

  @Test("typedefs that stand for each other are an error")
  func circle() {
    #expect(errors("typedef A A") == ["1:9: typedef 'A' stands for itself"])
    #expect(
      errors("typedef list<B> A\ntypedef A B\nstruct S { 1: B b = 1 }") == ["2:9: typedef 'B' stands for itself"])
  }

  @Test("a name is taken once by typedefs, enums, structs, unions, exceptions and services")
  func duplicates() {
    let text = """
      struct A {}
      enum A {}
      typedef i32 A
      union A {}
      exception A {}
      service A {}
      """
    #expect(
      errors(text) == [
        "2:6: 'A' is already defined as a struct on line 1", "3:13: 'A' is already defined as a struct on line 1",
        "4:7: 'A' is already defined as a struct on line 1", "5:11: 'A' is already defined as a struct on line 1",
        "6:9: 'A' is already defined as a struct on line 1",
      ])
  }

  @Test("a const may be called like a type, but not like another const")
  func constantNames() throws {
    #expect(try valueOfC("struct C {}\nconst i32 C = 1") == "1")
    #expect(errors("const i32 C = 1\nconst i32 C = 2") == ["2:11: 'C' is already defined as a const on line 1"])
  }

  @Test("names that differ in case only are different")
  func caseMatters() throws {
    #expect(try program("struct Foo {}\nstruct foo {}\nenum FOO {}").definitions.count == 3)
  }

  @Test("definitions know their file and their place")
  func locations() throws {
    let program = try program("include 'a.thrift'\n\nstruct S {}", with: ["a.thrift": "enum E {}"])
    let definition = try program.definition("S")
    #expect(program.position(of: definition.location) == SourcePosition(line: 3, column: 8))
    #expect(program.documents.map { $0.definitions.map { program[$0].name } } == [["S"], ["E"]])
    #expect(program.definitions.map { program[$0.document].name } == ["test", "a"])
  }
}
