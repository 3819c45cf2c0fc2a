import Testing
import ThriftIDL

@Suite("Constants")
struct ConstantTests {
  @Test(
    "a literal is converted to the declared type",
    arguments: [
      ("bool", "true", "true"), ("bool", "false", "false"), ("bool", "1", "true"), ("bool", "0", "false"),
      ("i8", "-128", "-128"), ("i16", "32767", "32767"), ("i32", "-2147483648", "-2147483648"), ("i32", "true", "1"),
      ("double", "5", "5.0"), ("double", "-1.5", "-1.5"), ("string", "'x'", "'x'"),
      ("binary", "'AB'", "bytes [65, 66]"),
      ("list<i32>", "[1, 2]", "[1, 2]"), ("set<string>", "['a']", "('a')"),
      ("map<i32, bool>", "{1: true}", "{1: true}"),
      ("list<list<string>>", "[['x'], []]", "[['x'], []]"), ("list<i32>", "[]", "[]"), ("set<i32>", "{}", "()"),
      ("list<i32>", "{}", "[]"), ("map<i32, i32>", "{}", "{}"), ("map<i32, i32>", "[]", "{}"),
    ])
  func literal(type: String, literal: String, value: String) throws {
    #expect(try valueOfC("const \(type) C = \(literal)") == value)
  }

  @Test(
    "a literal of the wrong sort is an error",
    arguments: [
      ("i32", "'x'", "expected i32, found a string"), ("i32", "1.5", "expected i32, found a floating-point number"),
      ("i32", "[1]", "expected i32, found a list"), ("i32", "{1: 2}", "expected i32, found a map"),
      ("string", "1", "expected string, found an integer"),
      ("binary", "1.0", "expected binary, found a floating-point number"),
      ("bool", "1.0", "expected bool, found a floating-point number"),
      ("bool", "'true'", "expected bool, found a string"),
      ("double", "'1.0'", "expected double, found a string"), ("uuid", "7", "expected uuid, found an integer"),
      ("list<i32>", "7", "expected list<i32>, found an integer"),
      ("list<i32>", "{1: 2}", "expected list<i32>, found a map"),
      ("set<i32>", "'a'", "expected set<i32>, found a string"),
      ("map<i32, i32>", "[1]", "expected map<i32, i32>, found a list"),
      ("S", "[]", "expected S, found a list"), ("S", "3", "expected S, found an integer"),
      ("E", "'A'", "expected E, found a string"), ("E", "1.5", "expected E, found a floating-point number"),
    ])
  func wrongSort(type: String, literal: String, message: String) {
    #expect(errors("struct S {} enum E { A }\nconst \(type) C = \(literal)") == ["2:\(12 + type.count): \(message)"])
  }

  @Test(
    "an integer must be in the range of its type",
    arguments: [
      ("i8", "128"), ("i8", "-129"), ("byte", "255"), ("i16", "32768"), ("i32", "2147483648"), ("i32", "-2147483649"),
    ])
  func range(type: String, literal: String) {
    let name = type == "byte" ? "i8" : type
    #expect(
      errors("const \(type) C = \(literal)") == ["1:\(12 + type.count): \(literal) is not in the range of \(name)"])
  }

  @Test("wrong elements are errors at their own place, all of them")
  func wrongElements() {
    #expect(
      errors("const map<string, list<i32>> C = {'a': [1, 'x'], 2: [2.5]}") == [
        "1:44: expected i32, found a string", "1:50: expected string, found an integer",
        "1:54: expected i32, found a floating-point number",
      ])
  }

  @Test("a uuid is written with or without braces, in either case")
  func uuid() throws {
    let bytes = "uuid [1, 35, 69, 103, 137, 171, 205, 239, 1, 35, 69, 103, 137, 171, 205, 239]"
    #expect(try valueOfC("const uuid C = '01234567-89ab-cdef-0123-456789ABCDEF'") == bytes)
    #expect(try valueOfC("const uuid C = '{01234567-89ab-cdef-0123-456789abcdef}'") == bytes)
  }

  @Test(
    "a malformed uuid is an error",
    arguments: [
      "", "01234567-89ab-cdef-0123-456789abcde", "01234567-89ab-cdef-0123-456789abcdefa",
      "0123456789abcdef0123456789abcdef",
      "g1234567-89ab-cdef-0123-456789abcdef", "01234567-89ab-cdef-0123_456789abcdef",
      "(01234567-89ab-cdef-0123-456789abcdef)",
    ])
  func malformedUUID(text: String) {
    #expect(
      errors("const uuid C = '\(text)'") == [
        "1:16: not a uuid, which looks like '01234567-89ab-cdef-0123-456789abcdef'"
      ])
  }

  @Test("equal elements of a set, and entries of equal keys, are dropped with a warning")
  func duplicates() throws {
    let set = "enum E { A = 1, B = 1 }\nconst set<E> C = [E.A, E.B, 1]"
    #expect(try valueOfC(set) == "(E.A)")
    #expect(warnings(set) == ["2:24: the set has this element already", "2:29: the set has this element already"])
    let map = "const double D = 2\nconst map<double, i32> C = {2: 1, D: 2, 3.0: 3}"
    #expect(try valueOfC(map) == "{D→2.0: 2, 3.0: 3}")
    #expect(warnings(map) == ["2:35: the same key stands further up; this value replaces that one"])
    #expect(try valueOfC("const set<list<set<i32>>> C = [[[1, 2]], [[2, 1]], [[1]]]") == "([(1, 2)], [(1)])")
  }

  // MARK: Structs

  @Test("a struct is given by some of its fields, nested structs included")
  func structure() throws {
    let text = """
      struct P { 1: i32 x, 2: i32 y = 9 }
      struct L { 1: required P from, 2: optional P to, 3: list<P> via }
      const L C = {"to": {"y": 1, "x": 2}, "via": [{}, {"x": 3}]}
      """
    #expect(try valueOfC(text) == "L{to: P{y: 1, x: 2}, via: [P{}, P{x: 3}]}")
  }

  @Test("exceptions and unions are given like structs, a union by one member at most")
  func exceptionAndUnion() throws {
    let types = "exception X { 1: i32 a }\nunion U { 1: i32 a, 2: string b }\n"
    #expect(try valueOfC(types + "const X C = {'a': 1}") == "X{a: 1}")
    #expect(try valueOfC(types + "const U C = {'b': 'x'}") == "U{b: 'x'}")
    #expect(try valueOfC(types + "const U C = {}") == "U{}")
    #expect(errors(types + "const U C = {'a': 1, 'b': 'x'}") == ["3:13: a union holds one value, not 2"])
  }

  @Test("unknown fields, and keys that are no strings, are errors")
  func unknownField() {
    let type = "struct S { 1: i32 a }\n"
    #expect(errors(type + "const S C = {'b': 1}") == ["2:14: struct 'S' has no field 'b'"])
    #expect(errors(type + "const S C = {1: 1}") == ["2:14: expected the name of a field in quotes, found an integer"])
    #expect(errors(type + "const S C = {'a': 1.5}") == ["2:19: expected i32, found a floating-point number"])
  }

  @Test("a field that is given twice has the last value, with a warning")
  func fieldTwice() throws {
    let text = "struct S { 1: i32 a }\nconst S C = {'a': 1, 'a': 2}"
    #expect(try valueOfC(text) == "S{a: 2}")
    #expect(warnings(text) == ["2:22: the same field stands further up; this value replaces that one"])
  }

  // MARK: Enums

  @Test("an enum value is named with its enum, also behind a typedef and in another file, or given by number")
  func enumerationValue() throws {
    let text = "include 'o.thrift'\nenum E { A, B = 5 }\ntypedef E T\ntypedef o.F G\n"
    let files = ["o.thrift": "enum F { X = 2 } typedef F H"]
    #expect(try valueOfC(text + "const E C = E.B", with: files) == "E.B")
    #expect(try valueOfC(text + "const T C = T.A", with: files) == "E.A")
    #expect(try valueOfC(text + "const E C = 5", with: files) == "E.B")
    #expect(try valueOfC(text + "const o.F C = o.F.X", with: files) == "F.X")
    #expect(try valueOfC(text + "const o.F C = o.H.X", with: files) == "F.X")
    #expect(try valueOfC(text + "const G C = G.X", with: files) == "F.X")
  }

  @Test("the enum's name may be missing after a file's, with a warning")
  func shortenedEnumerationValue() throws {
    let text = "include 'o.thrift'\nconst o.F C = o.X"
    let files = ["o.thrift": "enum F { X = 2 }"]
    #expect(try valueOfC(text, with: files) == "F.X")
    #expect(warnings(text, with: files) == ["2:15: the enum's name is missing; write 'o.F.X'"])
  }

  @Test("an enum value is an integer where one is wanted")
  func enumerationValueAsInteger() throws {
    #expect(try valueOfC("enum E { A = 7 }\nconst i32 C = E.A") == "7")
    #expect(try valueOfC("enum E { A = 7 }\nconst E D = E.A\nconst i64 C = D") == "D→7")
    #expect(
      errors("enum E { A = 300 }\nconst i8 C = E.A") == ["2:14: expected i8, found a value of the enum 'E'"])
  }

  @Test("wrong enum values are errors")
  func wrongEnumerationValue() {
    let types = "enum E { A } enum F { A, Z }\n"
    #expect(errors(types + "const E C = E.Z") == ["2:13: enum 'E' has no value 'Z'"])
    #expect(errors(types + "const E C = F.Z") == ["2:13: expected E, found a value of the enum 'F'"])
    #expect(errors(types + "const E C = 3") == ["2:13: enum 'E' has no value with the number 3"])
    #expect(errors(types + "const E C = A") == ["2:13: unknown const or enum value 'A'; write 'E.A'"])
    #expect(errors(types + "const string C = E.A") == ["2:18: expected string, found a value of the enum 'E'"])
    #expect(errors(types + "const E C = No.Z") == ["2:13: unknown const or enum value 'No.Z'"])
    #expect(errors(types + "const i32 C = No.A") == ["2:15: unknown const or enum value 'No.A'"])
  }

  // MARK: References

  @Test("a const may be defined by another one, in any order, and stays a reference")
  func reference() throws {
    #expect(try valueOfC("const i32 C = B\nconst i32 B = A\nconst i32 A = 4") == "B→4")
    #expect(try valueOfC("const list<i32> L = [1]\nconst list<list<i32>> C = [L, [2], L]") == "[L→[1], [2], L→[1]]")
    #expect(try valueOfC("struct S { 1: i32 a }\nconst S T = {'a': 1}\nconst S C = T") == "T→S{a: 1}")
  }

  @Test(
    "a const of another type is converted if its value fits",
    arguments: [
      ("i32", "5", "i64", "5"), ("i64", "5", "i8", "5"), ("i32", "5", "double", "5.0"), ("bool", "true", "i32", "1"),
      ("i32", "0", "bool", "false"), ("string", "'A'", "binary", "bytes [65]"), ("binary", "'A'", "string", "'A'"),
    ])
  func convertedReference(from: String, literal: String, to: String, value: String) throws {
    #expect(try valueOfC("const \(from) A = \(literal)\nconst \(to) C = A") == "A→\(value)")
  }

  @Test(
    "a const of a type that does not fit is an error",
    arguments: [
      ("double", "1.5", "i32"), ("i32", "5", "string"), ("string", "'5'", "i32"), ("i32", "300", "i8"),
      ("list<i32>", "[300]", "list<i8>"), ("list<i32>", "[0]", "list<E>"), ("list<i32>", "[1]", "map<i32, i32>"),
      ("map<i32, string>", "{1: '2'}", "map<i32, i32>"), ("list<S>", "[{}]", "list<T>"), ("i32", "0", "E"),
      ("list<list<double>>", "[[1.5]]", "list<list<i32>>"), ("string", "'x'", "uuid"),
    ])
  func unfittingReference(from: String, literal: String, to: String) {
    #expect(
      errors("enum E { A } struct S {} struct T {}\nconst \(from) A = \(literal)\nconst \(to) C = A")
        == ["3:\(12 + to.count): expected \(to), but 'A' is of type \(from)"])
  }

  @Test(
    "a const serves for a container of another element type if each of its values fits",
    arguments: [
      ("list<i32>", "[1, 2]", "list<i64>", "[1, 2]"), ("list<i64>", "[1, 2]", "list<i8>", "[1, 2]"),
      ("list<i32>", "[1]", "list<double>", "[1.0]"), ("set<i16>", "[3, 4]", "set<i64>", "(3, 4)"),
      ("list<i32>", "[1, 2, 1]", "set<i32>", "(1, 2)"), ("set<i32>", "[1, 2]", "list<i64>", "[1, 2]"),
      ("map<i32, list<i16>>", "{1: [2]}", "map<i64, list<i32>>", "{1: [2]}"),
      ("map<i32, i32>", "{1: 5, 2: 6}", "map<bool, i32>", "{true: 6}"),
      ("list<string>", "['A']", "list<binary>", "[bytes [65]]"), ("list<E>", "[E.A, 7]", "list<i32>", "[0, 7]"),
      ("list<list<i32>>", "[L, [2]]", "list<list<i64>>", "[[9], [2]]"), ("list<Small>", "[1]", "Wide", "[1]"),
      ("list<S>", "[{'a': 1}]", "set<S>", "(S{a: 1})"),
    ])
  func convertedContainer(from: String, literal: String, to: String, value: String) throws {
    let types = """
      enum E { A, B = 7 } struct S { 1: i32 a } typedef i32 Small typedef list<i64> Wide
      const list<i32> L = [9]

      """
    let text = types + "const \(from) A = \(literal)\nconst \(to) C = A"
    #expect(try valueOfC(text) == value)
    #expect(warnings(text).isEmpty)
  }

  @Test("a const serves in defaults and inside of other values too, and equal elements are found out")
  func convertedContainerInside() throws {
    let text = """
      const list<i32> L = [1, 2]
      struct S { 1: list<i64> a = L, 2: map<string, set<i64>> b = {'x': L} }
      const set<list<double>> C = [L, [1.0, 2.0], [1, 3]]
      """
    let program = try program(text)
    #expect(
      try program.fields(of: "S").map { program.text(try #require($0.defaultValue)) } == ["[1, 2]", "{'x': (1, 2)}"])
    #expect(try program.text(ofConstant: "C") == "([1.0, 2.0], [1.0, 3.0])")
    #expect(warnings(text) == ["3:33: the set has this element already"])
  }

  @Test("consts that would be written out again and again are refused before they fill the memory")
  func convertedTooOften() {
    let numbers = (0..<2000).map(String.init).joined(separator: ", ")
    let uses = (0..<1000).map { "const list<i64> W\($0) = L\n" }.joined()
    let found = errors("const list<i32> L = [\(numbers)]\n" + uses)
    #expect(found.count == 100)
    #expect(
      found.first
        == "501:24: the consts that are converted to other types have more than 1000000 values; give 'L' the type "
        + "list<i64>")
  }

  @Test("consts that depend on each other are an error")
  func circle() {
    #expect(errors("const i32 A = A") == ["1:11: the value of 'A' depends on itself"])
    #expect(
      errors("const list<i32> A = [B]\nconst i32 B = D\nconst i32 D = B") == [
        "2:11: the value of 'B' depends on itself"
      ])
  }

  @Test("an unknown name is an error, also when it is that of a type")
  func unknownName() {
    #expect(errors("const i32 C = no") == ["1:15: unknown const or enum value 'no'"])
    #expect(errors("struct S {}\nconst S C = S") == ["2:13: unknown const or enum value 'S'"])
  }
}
