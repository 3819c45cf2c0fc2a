import Testing
import ThriftIDL

@Suite("Hostile input")
struct HostileInputTests {
  /// Compiles something that must be refused with few words.
  private func expectRefused(_ text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) {
    let result = compile(text)
    #expect(result.hasErrors, sourceLocation: sourceLocation)
    #expect((1...200).contains(result.diagnostics.count), sourceLocation: sourceLocation)
  }

  @Test("types may be nested 64 levels deep, not more")
  func deepTypes() throws {
    func nested(_ depth: Int) -> String {
      "struct S { 1: \(String(repeating: "list<", count: depth))i32\(String(repeating: ">", count: depth)) a }"
    }
    #expect(!compile(nested(63)).hasErrors)
    #expect(errors(nested(64)).first == "1:335: types nested more than 64 levels deep")
    expectRefused(nested(50_000))
    expectRefused("struct S { 1: " + String(repeating: "map<i32,", count: 50_000))
  }

  @Test("values may be nested 64 levels deep, not more")
  func deepValues() {
    let type = "struct N { 1: list<N> n }\n"
    #expect(
      !compile(type + "const N C = " + String(repeating: "{'n': [", count: 31) + String(repeating: "]}", count: 31))
        .hasErrors)
    #expect(
      errors(type + "const N C = " + String(repeating: "{'n': [", count: 33) + String(repeating: "]}", count: 33))
        == ["2:237: values nested more than 64 levels deep"])
    expectRefused("const i32 C = " + String(repeating: "[", count: 100_000))
    expectRefused("const i32 C = " + String(repeating: "{1:", count: 100_000))
  }

  @Test("typedefs and consts cannot nest without a limit either")
  func deepReferences() {
    let typedefs = (1...200).map { "typedef list<T\($0 - 1)> T\($0)" }.joined(separator: "\n")
    #expect(
      errors("typedef i32 T0\n" + typedefs).first
        == "66:19: types nested more than 64 levels deep, counting what typedefs stand for")
    let consts = (1...400).map { "const N C\($0) = {'n': [C\($0 - 1)]}" }.joined(separator: "\n")
    #expect(
      errors("struct N { 1: list<N> n }\nconst N C0 = {}\n" + consts).first
        == "130:16: values nested more than 256 levels deep, counting references")
    let growing = (1...60).map { "const N C\($0) = {'n': [C\($0 - 1), C\($0 - 1)]}" }.joined(separator: "\n")
    #expect(
      errors("struct N { 1: list<N> n }\nconst N C0 = {}\n" + growing).first?
        .hasSuffix("the value is too large, counting references") == true)
  }

  @Test("long chains of typedefs, consts, structs and services need no deep recursion")
  func longChains() {
    let count = 3000
    #expect(
      !compile((0..<count).map { "typedef T\($0 + 1) T\($0)" }.joined(separator: "\n") + "\ntypedef i32 T\(count)")
        .hasErrors)
    #expect(
      !compile("const i32 C0 = 1\n" + (1..<count).map { "const i32 C\($0) = C\($0 - 1)" }.joined(separator: "\n"))
        .hasErrors)
    expectRefused((0..<count).map { "const i32 C\($0) = C\(($0 + 1) % count)" }.joined(separator: "\n"))
    #expect(
      !compile((0..<count).map { "struct S\($0) { 1: required S\(($0 + 1) % count) s }" }.joined(separator: "\n"))
        .hasErrors)
    #expect(
      !compile("service S0 {}\n" + (1..<count).map { "service S\($0) extends S\($0 - 1) {}" }.joined(separator: "\n"))
        .hasErrors)
  }

  @Test("a long chain of files that include each other is fine")
  func longIncludeChain() {
    var files: [String: String] = [:]
    for index in 0..<1000 { files["f\(index).thrift"] = "include 'f\(index + 1).thrift'" }
    files["f1000.thrift"] = ""
    #expect(!compile("include 'f0.thrift'", with: files).hasErrors)
  }

  @Test("nested 'xsd_attrs' have a limit")
  func deepXSD() {
    expectRefused("struct S { " + String(repeating: "1: i32 a xsd_attrs { ", count: 50_000))
  }

  @Test(
    "two hundred thousand bytes of the same thing is refused with few words",
    arguments: [
      "struct ", "{", "}", "1: ", "\"", "/*", "/** ", "(a=", "@", "é", "\\", "service S { void f( ", "& * < > ", "|-",
    ])
  func repetition(unit: String) {
    expectRefused(String(repeating: lines(unit), count: 200_000 / unit.utf8.count))
  }

  @Test("random bytes are refused with few words")
  func randomBytes() {
    var random = SmallGenerator(seed: 42)
    let bytes = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let result = FrontEnd(loader: InMemorySources(bytes: ["a.thrift": bytes])).compile(["a.thrift"])
    #expect(result.hasErrors)
    #expect(result.diagnostics.count <= 200)
  }

  @Test("a list of a hundred thousand numbers is fine")
  func largeList() throws {
    let text = "const list<i32> C = [" + String(repeating: "1,", count: 100_000) + "]"
    #expect(!compile(text).hasErrors)
  }
}
