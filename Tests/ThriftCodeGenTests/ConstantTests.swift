import Testing

@Suite("Consts and default values")
struct ConstantTests {
  @Test(
    "a const of each type",
    arguments: [
      ("bool", "true", "Swift::Bool = true"),
      ("bool", "0", "Swift::Bool = false"),
      ("byte", "-128", "Swift::Int8 = -128"),
      ("i16", "0x7F", "Swift::Int16 = 127"),
      ("i64", "-9223372036854775808", "Swift::Int64 = -9223372036854775808"),
      ("double", "3", "Swift::Double = 3.0"),
      ("double", "-1.5E-3", "Swift::Double = -0.0015"),
      ("double", "1e999", "Swift::Double = Swift::Double.infinity"),
      ("string", #""a\"b\n""#, #"Swift::String = "a\"b\n""#),
      ("binary", "'raw'", #"[Swift::UInt8] = [Swift::UInt8]("raw".utf8)"#),
      (
        "uuid", "'00112233-4455-6677-8899-aabbccddeeff'",
        "SeaThrift::ThriftUUID = SeaThrift::ThriftUUID(high: 0x0011223344556677, low: 0x8899AABBCCDDEEFF)"
      ),
      ("Color", "Color.red", "Color = .red"),
      ("Color", "2", "Color = .green"),
      ("list<i32>", "[1, 2]", "[Swift::Int32] = [1, 2]"),
      ("list<i32>", "[]", "[Swift::Int32] = []"),
      ("set<string>", "['a']", #"Swift::Set<Swift::String> = ["a"]"#),
      ("map<string, Color>", "{'a': 1}", #"[Swift::String: Color] = ["a": .red]"#),
      ("map<Color, i32>", "{}", "[Color: Swift::Int32] = [:]"),
      ("Point", "{'y': 2}", "Point = .init(y: 2)"),
      ("Point", "{}", "Point = .init()"),
      ("Shape", "{'point': {'x': 1}}", "Shape = .point(.init(x: 1))"),
      ("Strict", "{}", #"Strict = .init(name: "", point: .init())"#),
    ])
  func constants(type: String, value: String, declaration: String) throws {
    let swift = try generate(
      """
      enum Color { red = 1, green }
      struct Point { 1: i32 x, 2: i32 y, 3: optional Color none }
      union Shape { 1: Point point }
      struct Strict { 1: required string name, 2: required Point point }
      const \(type) c = \(value)
      """)
    #expect(lines(of: swift, with: " let c") == ["nonisolated public let c: \(declaration)"])
  }

  @Test("an optional is never taken for Swift's own none")
  func optionals() throws {
    let swift = try generate(
      """
      enum E { none }
      union U { 1: E some }
      struct S { 1: optional E e = E.none, 2: optional U u = {"some": 0}, 3: optional S s }
      """)
    #expect(
      lines(of: swift, with: "e: E? =") == [
        "public init(e: E? = .some(.none), u: U? = .some(.some(.none)), s: S? = nil) {"
      ])
  }

  @Test("a const of another type is not referred to but repeated")
  func conversion() throws {
    let swift = try generate("const i32 a = 1 const i64 b = a const i32 c = a")
    #expect(swift.contains("let b: Swift::Int64 = 1\n"))
    #expect(swift.contains("let c: Swift::Int32 = a\n"))
  }

  @Test("a map whose keys could be equal is built entry by entry, as a literal would trap")
  func equalKeys() throws {
    let distinct = try generate("enum E { a = 1, b = 2 } const map<E, i32> m = {E.a: 1, E.b: 2}")
    #expect(distinct.contains("let m: [E: Swift::Int32] = [.a: 1, .b: 2]\n"))
    let zeros = try generate("const map<double, i32> m = {0.0: 1, 1.0: 2}")
    #expect(zeros.contains("result.updateValue(1, forKey: 0.0)\n"))
  }

  @Test("a large const is built by statements, which are type-checked one by one")
  func large() throws {
    let entries = (0..<200).map { "'k\($0)': {'x': \($0)}" }.joined(separator: ", ")
    let swift = try generate("struct P { 1: i32 x } const map<string, P> m = {\(entries)}")
    #expect(lines(of: swift, with: "result.updateValue(").count == 200)
    let numbers = (0..<5000).map(String.init).joined(separator: ", ")
    #expect(!(try generate("const list<i32> l = [\(numbers)]").contains("func make()")))
  }
}
