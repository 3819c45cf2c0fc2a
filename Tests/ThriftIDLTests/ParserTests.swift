import Testing
import ThriftIDL

@Suite("Parser")
struct ParserTests {
  @Test("elements may be separated by commas, semicolons or nothing", arguments: [",", ";", "", " , ", "|"])
  func separators(separator: String) throws {
    let separator = lines(separator)
    let text = """
      struct S { 1: i32 a\(separator) 2: i32 b\(separator) }
      enum E { A\(separator) B\(separator) }
      const list<i32> L = [1\(separator) 2\(separator)]
      const map<i32, i32> M = {1: 2\(separator) 3: 4\(separator)}
      service V { void f(1: i32 a\(separator) 2: i32 b\(separator))\(separator) void g()\(separator) }
      typedef i32 T\(separator)
      const i32 C = 1\(separator)
      struct N {} (a = "1"\(separator) b = "2"\(separator))
      """
    let program = try program(text)
    #expect(try program.fields(of: "S").map(\.name) == ["a", "b"])
    #expect(try program.definition("E").enumeration?.values.map(\.name) == ["A", "B"])
    #expect(try program.text(ofConstant: "L") == "[1, 2]")
    #expect(try program.text(ofConstant: "M") == "{1: 2, 3: 4}")
    #expect(try program.definition("V").service?.functions.map(\.arguments.count) == [2, 0])
    #expect(try program.definition("N").annotations.map(\.key) == ["a", "b"])
  }

  @Test("two separators in a row, or one after a struct, are errors")
  func tooManySeparators() {
    #expect(errors("struct S { 1: i32 a,, }") == ["1:21: expected a type, found ','"])
    #expect(errors("struct S {};\nstruct T {}") == ["1:12: expected a definition, found ';'"])
  }

  @Test("header lines are kept: namespaces with annotations, C++ includes")
  func headers() throws {
    let text = """
      namespace swift a.b (k = "v")
      namespace * c
      namespace py.twisted d
      cpp_include "<vector>"
      """
    let document = try program(text).documents[0]
    #expect(document.namespace(for: "swift")?.components == ["a", "b"])
    #expect(document.namespace(for: "swift")?.annotations.values(for: "k") == ["v"])
    #expect(document.namespace(for: "*")?.name == "c")
    #expect(document.namespace(for: "py.twisted")?.name == "d")
    #expect(document.namespace(for: "java") == nil)
    #expect(document.cppIncludes == ["<vector>"])
  }

  @Test(
    "header lines after a definition are errors",
    arguments: ["include \"a.thrift\"", "namespace swift x", "cpp_include 'x'"])
  func lateHeader(line: String) {
    let word = line.prefix { $0 != " " }
    let found = errors("struct S {}\n\(line)", with: ["a.thrift": ""])
    #expect(found == ["2:1: '\(word)' must stand before all definitions"])
  }

  @Test("old forms of namespace lines are refused with the new form")
  func oldNamespace() {
    let expected = "1:1: 'php_namespace' is no longer part of the language; write 'namespace php'"
    #expect(errors("php_namespace foo") == [expected])
  }

  @Test("'senum' and 'slist' are refused by name")
  func retiredTypes() {
    #expect(
      errors("senum Color { \"red\", \"blue\" }\nstruct S { 1: slist a }") == [
        "1:1: 'senum' is no longer part of the language; write an enum, or a typedef of string",
        "2:15: 'slist' is no longer part of the language; write 'string'",
      ])
  }

  @Test("'xsd_…' words are read and forgotten")
  func xsd() throws {
    let text = """
      struct S xsd_all { 1: i32 a xsd_optional xsd_nillable, 2: i32 b xsd_attrs { 1: i32 q, 2: Unknown r } (k) }
      union U xsd_all { 1: i32 a xsd_nillable }
      """
    #expect(try program(text).fields(of: "S").map(\.name) == ["a", "b"])
  }

  @Test("annotations may stand after everything, and repeated keys keep all values")
  func annotations() throws {
    let text = """
      struct S { 1: i32 (t = "1") a (f = "2", f = '3', g) } (a.b.c = "4",)
      enum E { A (v = "5") } (e = "6")
      typedef list<string (i = "7")> (o = "8") T (d = "9")
      service V { void f(1: i32 a (p = "10")) (m = "11") } (required = "12")
      exception X {} ()
      const i32 C = 1 (c = "13");
      """
    let program = try program(text)
    let field = try program.fields(of: "S")[0]
    #expect(field.type.annotations.values(for: "t") == ["1"])
    #expect(field.annotations.values(for: "f") == ["2", "3"])
    #expect(field.annotations.values(for: "g") == ["1"], "a key alone has the value 1")
    #expect(try program.definition("S").annotations.values(for: "a.b.c") == ["4"])
    #expect(try program.definition("E").enumeration?.values[0].annotations.values(for: "v") == ["5"])
    #expect(try program.definition("E").annotations.values(for: "e") == ["6"])
    let type = try #require(try program.definition("T").typedef?.type)
    #expect(type.annotations.values(for: "o") == ["8"])
    guard case .list(let element) = type.shape else { throw Unexpected() }
    #expect(element.annotations.values(for: "i") == ["7"])
    #expect(try program.definition("T").annotations.values(for: "d") == ["9"])
    let function = try #require(try program.definition("V").service?.functions[0])
    #expect(function.arguments[0].annotations.values(for: "p") == ["10"])
    #expect(function.annotations.values(for: "m") == ["11"])
    #expect(try program.definition("V").annotations.values(for: "required") == ["12"])
    #expect(try program.definition("C").annotations.values(for: "c") == ["13"])
  }

  @Test("'cpp_type' may stand before the bracket, and after a list")
  func cppType() throws {
    let text = "struct S { 1: map cpp_type 'm' <i32, i32> a, 2: set cpp_type 's' <i32> b, 3: list<i32> cpp_type 'l' c }"
    #expect(try program(text).fields(of: "S").map(\.type.cppType) == ["m", "s", "l"])
  }

  @Test("fields may be named like words of the language")
  func keywordsAsFieldNames() throws {
    let names = ["i32", "string", "uuid", "list", "required", "optional", "service", "void", "namespace", "throws"]
    let fields = names.enumerated().map { "\($0 + 1): i32 \($1)" }.joined(separator: ", ")
    #expect(try program("struct S { \(fields) }").fields(of: "S").map(\.name) == names)
  }

  @Test("nothing else may be named like a word of the language")
  func keywordsAsOtherNames() {
    #expect(
      errors("struct list {}\nenum E { set }\nservice S { void map() }\nconst i32 enum = 1") == [
        "1:8: 'list' is a word of the language and cannot be the name of a struct",
        "2:10: 'set' is a word of the language and cannot be the name of an enum value",
        "3:18: 'map' is a word of the language and cannot be the name of a function",
        "4:11: 'enum' is a word of the language and cannot be the name of a const",
      ])
  }

  @Test("a name that is declared has no dot")
  func dottedNames() {
    #expect(
      errors("struct a.b { 1: i32 c.d }\nenum E { f.g = 1 }") == [
        "1:8: 'a.b' has a dot and cannot be the name of a struct",
        "1:21: 'c.d' has a dot and cannot be the name of a field",
        "2:10: 'f.g' has a dot and cannot be the name of an enum value",
      ])
  }

  @Test(
    "'void' is no type for fields, elements and consts",
    arguments: ["struct S { 1: void a }", "struct S { 1: list<void> a }", "const void C = 1", "typedef void T"])
  func misplacedVoid(text: String) {
    let found = errors(text)
    #expect(found.count == 1)
    #expect(found.first?.hasSuffix("'void' can only be the result of a function") == true)
  }

  @Test(
    "what is missing at the end of something is said",
    arguments: [
      ("struct S { 1: i32 a", "1:20: expected '}' at the end of the struct 'S', found the end of the file"),
      ("enum E { A||", "1:11: expected '}' at the end of the enum 'E', found the end of the file"),
      ("service S { void f(", "1:20: expected ')' at the end of the arguments of 'f', found the end of the file"),
      ("service S { void f() ", "1:21: expected '}' at the end of the service 'S', found the end of the file"),
      ("const list<i32> C = [1, 2", "1:26: expected ']' at the end of the list, found the end of the file"),
      ("const map<i32, i32> C = {1: 2", "1:30: expected '}' at the end of the map, found the end of the file"),
      ("struct S {} (a = 'b'", "1:21: expected an annotation or ')', found the end of the file"),
      ("const i32 C =", "1:14: expected a value, found the end of the file"),
      ("include", "1:8: expected the path of a file in quotes, found the end of the file"),
    ])
  func missingEnd(text: String, message: String) {
    #expect(errors(lines(text)) == [message])
  }

  @Test(
    "what does not belong somewhere is said",
    arguments: [
      ("struct S { 1: i32 }", "1:19: expected the name of a field, found '}'"),
      ("struct S { 1 i32 a }", "1:14: expected ':' after the field id, found 'i32'"),
      ("struct S { 1: map<string> a }", "1:25: expected ',' and the type of the map's values, found '>'"),
      ("struct { 1: i32 a }", "1:8: expected the name of a struct, found '{'"),
      ("enum E { A = 'x' }", "1:14: expected an integer, found a string"),
      ("enum E { A = 1.5 }", "1:14: expected an integer, found a floating-point number"),
      ("const i32 C 5", "1:13: expected '=' and the value of 'C', found the number 5"),
      ("service S { void f }", "1:20: expected '(' and the arguments of 'f', found '}'"),
      ("struct S {} }", "1:13: expected a definition, found '}'"),
      ("garbage", "1:1: expected a definition, found 'garbage'"),
    ])
  func misplaced(text: String, message: String) {
    #expect(errors(text) == [message])
  }
}

/// Thrown by a test when something is not of the kind that it must be.
struct Unexpected: Error {}
