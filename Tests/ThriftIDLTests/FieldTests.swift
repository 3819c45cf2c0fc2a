import Testing
import ThriftIDL

@Suite("Fields")
struct FieldTests {
  @Test("ids are kept, in any order and with gaps")
  func explicitIDs() throws {
    #expect(try program("struct S { 5: i32 a, 1: i32 b, 32767: i32 c }").fields(of: "S").map(\.id) == [5, 1, 32767])
  }

  @Test("fields without an id get -1, -2, … with a warning")
  func implicitIDs() throws {
    let text = "struct S { i32 a, 4: i32 b, i32 c }"
    #expect(try program(text).fields(of: "S").map(\.id) == [-1, 4, -2])
    #expect(
      warnings(text) == [
        "1:16: 'a' has no field id and gets -1, which changes when fields before it do",
        "1:33: 'c' has no field id and gets -2, which changes when fields before it do",
      ])
  }

  @Test("ids that are not positive are replaced, with a warning")
  func nonPositiveIDs() throws {
    let text = "struct S { 0: i32 a, -7: i32 b, i32 c }"
    #expect(try program(text).fields(of: "S").map(\.id) == [-1, -2, -3])
    #expect(
      warnings(text).prefix(2) == [
        "1:12: field id 0 is not positive; 'a' gets -1 instead",
        "1:22: field id -7 is not positive; 'b' gets -2 instead",
      ])
  }

  @Test("an id beyond 32767 is an error", arguments: ["32768", "40000", "9223372036854775807"])
  func largeID(id: String) {
    #expect(
      errors("struct S { \(id): i32 a }") == ["1:12: field id \(id) of 'a' is not in the range 1 to 32767"])
  }

  @Test(
    "ids and names are used once in a struct, union, exception, argument list or throws list",
    arguments: [
      "struct S { FIELDS }", "union S { FIELDS }", "exception S { FIELDS }", "service S { void f(FIELDS) }",
    ])
  func duplicates(frame: String) {
    let prefix = frame.prefix { $0 != "F" }.count
    let what = frame.contains("(") ? "an argument" : "a field"
    let ids = frame.replacing("FIELDS", with: "1: i32 a, 1: i32 b")
    #expect(errors(ids) == ["1:\(prefix + 11): field id 1 is already used by 'a'"])
    let names = frame.replacing("FIELDS", with: "1: i32 a, 2: i32 a")
    #expect(errors(names) == ["1:\(prefix + 18): there is already \(what) 'a'"])
  }

  @Test("required, optional and neither are told apart")
  func requiredness() throws {
    let text = "struct S { 1: required i32 a, 2: optional i32 b, 3: i32 c }"
    #expect(try program(text).fields(of: "S").map(\.requiredness) == [.required, .optional, .default])
  }

  @Test("members of a union are optional; 'required' is ignored with a warning")
  func unionMembers() throws {
    let text = "union U { 1: i32 a, 2: required i32 b, 3: optional i32 c }"
    #expect(try program(text).fields(of: "U").map(\.requiredness) == [.optional, .optional, .optional])
    #expect(warnings(text) == ["1:24: members of a union are optional; 'required' has no meaning"])
  }

  @Test("one member of a union may have a default, two are an error")
  func unionDefaults() throws {
    #expect(try program("union U { 1: i32 a = 1, 2: i32 b }").fields(of: "U")[0].defaultValue != nil)
    #expect(
      errors("union U { 1: i32 a = 1, 2: i32 b = 2 }") == ["1:32: 'b' cannot have a default: 'a' has one"])
  }

  @Test("defaults are converted to the field's type and may refer to consts")
  func defaults() throws {
    let text = """
      const i32 K = 3
      enum E { A, B }
      struct P { 1: i32 x }
      struct S { 1: i64 a = K, 2: E e = E.B, 3: P p = {"x": K}, 4: optional list<E> l = [E.A, 1], 5: string s }
      """
    let program = try program(text)
    #expect(
      try program.fields(of: "S").map { $0.defaultValue.map(program.text) }
        == ["K→3", "E.B", "P{x: K→3}", "[E.A, E.B]", nil])
  }

  @Test("a default of the wrong type is an error")
  func wrongDefault() {
    #expect(errors("struct S { 1: i32 a = 'x' }") == ["1:23: expected i32, found a string"])
    #expect(errors("struct S { 1: i32 a = no }") == ["1:23: unknown const or enum value 'no'"])
  }

  @Test("'&' and 'cpp.ref' mark fields that hold structs, and no others")
  func references() throws {
    let text = """
      struct T {}
      struct S { 1: T & a, 2: T b (cpp.ref = ""), 3: i32 & c, 4: list<T> d (cpp.ref = ""), 5: T e }
      """
    #expect(try program(text).fields(of: "S").map(\.isReference) == [true, true, false, false, false])
  }

  @Test("'retry.after' is for one number of an exception, in a unit that is known")
  func retryAfter() {
    #expect(
      errors(
        """
        typedef i64 Wait
        exception A { 1: Wait a (retry.after = "seconds") }
        exception B { 1: string a (retry.after = "seconds") }
        exception C { 1: i64 a (retry.after = "hours") }
        exception D { 1: i64 a (retry.after = "seconds"), 2: i64 b (retry.after = "seconds") }
        exception E { 1: list<i64> a (retry.after = "milliseconds"), 2: i64 b (retry.after) }
        """) == [
          "3:28: 'retry.after' is for a number, which 'a' is not",
          "4:25: annotation 'retry.after' is \"hours\"; allowed is \"milliseconds\" or \"seconds\"",
          "5:61: only one field of an exception can say 'retry.after'",
          "6:31: 'retry.after' is for a number, which 'a' is not",
          "6:72: only one field of an exception can say 'retry.after'",
        ])
    #expect(
      warnings("struct S { 1: i64 a (retry.after = \"seconds\") }") == [
        "1:22: 'retry.after' has a meaning for a field of an exception only"
      ])
  }
}
