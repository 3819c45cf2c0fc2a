import Testing
import ThriftIDL

@Suite("Recovery after errors")
struct RecoveryTests {
  @Test("errors in several fields, functions and definitions are all reported, each once")
  func severalErrors() {
    let text = """
      struct A {
        1: i32
        2: i32 b
        x: i32 c
        4: i32 d
      }
      enum E { X = 'x', Y, Z = }
      service S {
        void f(1: i32)
        void (2: i32 a)
        void g()
      }
      const i32 C = ]
      struct B { 1: string 2 }
      """
    #expect(
      errors(text) == [
        "3:3: expected the name of a field, found the number 2",
        "4:4: expected the name of a field, found ':'",
        "7:14: expected an integer, found a string",
        "7:26: expected an integer, found '}'",
        "9:16: expected the name of a field, found ')'",
        "10:8: expected the name of a function, found '('",
        "13:15: expected a value, found ']'",
        "14:22: expected the name of a field, found the number 2",
      ])
  }

  @Test("a definition without its closing brace does not swallow the next one")
  func missingBrace() {
    let text = """
      struct A {
        1: i32 a

      struct B { 1: Unknown b }
      enum C { X = }
      """
    #expect(
      errors(text) == [
        "4:1: expected '}' at the end of the struct 'A', found 'struct'",
        "5:14: expected an integer, found '}'",
      ], "what is unknown may be hidden by the error before")
  }

  @Test("errors of meaning that no syntax error can cause are reported beside syntax errors")
  func mixedErrors() {
    let text = """
      struct A { 1: i32 a, 1: i32 b }
      struct B { 1: i32 }
      const i32 C = "x"
      """
    #expect(
      errors(text) == [
        "1:22: field id 1 is already used by 'a'",
        "2:19: expected the name of a field, found '}'",
        "3:15: expected i32, found a string",
      ])
  }

  @Test("a struct that could not be read as a whole is not blamed for what it seems to lack")
  func incompleteStruct() {
    let text = """
      struct A {
        1: i32 }
      const A a = {"b": 1}
      enum E { X = }
      const E e = E.X
      """
    #expect(
      errors(text) == [
        "2:10: expected the name of a field, found '}'",
        "4:14: expected an integer, found '}'",
      ])
  }

  @Test("names from a file that has syntax errors are not called unknown")
  func incompleteInclude() {
    let found = errors(
      "include 'bad.thrift'\nstruct S { 1: bad.T t, 2: i32 i = bad.C }", with: ["bad.thrift": "struct T { 1: i32 }"])
    #expect(found == ["bad.thrift:1:19: expected the name of a field, found '}'"])
  }

  @Test("after a hundred errors in a file, the rest is not shown")
  func limit() {
    let text = (1...300).map { "struct S\($0) { 1: Unknown\($0) a }" }.joined(separator: "\n")
    let found = errors(text)
    #expect(found.count == 100)
    #expect(found.last == "100:18: unknown type 'Unknown100' (further errors in this file are not shown)")
  }
}
