import Testing
import ThriftIDL

@Suite("Diagnostics")
struct DiagnosticTests {
  private func text(_ source: String) -> [String] {
    compile(source).diagnostics.map(\.description)
  }

  @Test("an error names file, line and column, and shows the line with a caret")
  func form() {
    #expect(
      text("struct S {\n  1: Unknown name\n}") == [
        """
        test.thrift:2:6: error: unknown type 'Unknown'
          1: Unknown name
             ^
        """
      ])
  }

  @Test("a warning has the same form")
  func warning() {
    #expect(
      text("service S {\n  async void f()\n}") == [
        """
        test.thrift:2:3: warning: 'async' is the old spelling of 'oneway'
          async void f()
          ^
        """
      ])
  }

  @Test("warnings alone do not fail")
  func warningsOnly() {
    let result = compile("struct S { i32 a }")
    #expect(!result.hasErrors)
    #expect(result.diagnostics.map(\.severity) == [.warning])
  }

  @Test("tabs before the place stay tabs, so that the caret stands below it")
  func tabs() {
    #expect(
      text("struct S {\n\t1:\tUnknown name\n}")
        == ["test.thrift:2:5: error: unknown type 'Unknown'\n\t1:\tUnknown name\n\t  \t^"])
  }

  @Test("columns count characters, not bytes")
  func characters() {
    #expect(
      text("/* é ☃ 𝄞 👩‍🚀 */ struct S { 1: Unknown a }")
        == [
          "test.thrift:1:29: error: unknown type 'Unknown'\n/* é ☃ 𝄞 👩‍🚀 */ struct S { 1: Unknown a }\n"
            + String(repeating: " ", count: 28) + "^"
        ])
  }

  @Test("a byte order mark is no character")
  func byteOrderMark() {
    #expect(
      text("\u{FEFF}garbage") == ["test.thrift:1:1: error: expected a definition, found 'garbage'\ngarbage\n^"])
  }

  @Test("a carriage return is not shown, nor are other control characters")
  func controlCharacters() {
    #expect(text("garbage\u{1B}[31m\r\n")[0].hasSuffix("\ngarbage\u{FFFD}[31m\n^"))
  }

  @Test("an error at the end of the file stands behind the last thing in it")
  func endOfFile() {
    #expect(
      text("struct S {\n  1: i32 a\n\n\n").first
        == "test.thrift:2:11: error: expected '}' at the end of the struct 'S', found the end of the file\n  1: i32 a\n          ^"
    )
  }

  @Test("long lines are cut around the place")
  func longLine() {
    let filler = String(repeating: "x", count: 300)
    let found = text("/* \(filler) */ struct S { 1: Unknown a } // \(filler)")
    let lines = found[0].split(separator: "\n")
    #expect(lines[0] == "test.thrift:1:322: error: unknown type 'Unknown'")
    #expect(lines[1].hasPrefix("…xx"))
    #expect(lines[1].hasSuffix("xx…"))
    #expect(lines[1].count == 202)
    #expect(lines[2].count == 102)
    #expect(lines[1].dropFirst(lines[2].count - 1).hasPrefix("Unknown"))
  }

  @Test("columns are right far to the right of a line that is very long")
  func farColumn() {
    let filler = String(repeating: "é", count: 10_000)
    #expect(errors("/* \(filler) */ garbage") == ["1:10008: expected a definition, found 'garbage'"])
  }

  @Test("messages come in the order of the source, errors and warnings mixed")
  func order() {
    let found = compile("service S { async void f(1: No a) }\nstruct T { i32 a, 1: No b }").diagnostics
    #expect(found.map { $0.position?.column } == [13, 29, 16, 22])
    #expect(found.map(\.severity) == [.warning, .error, .warning, .error])
  }

  @Test("names in messages are cut")
  func longNames() {
    let name = String(repeating: "n", count: 500)
    #expect(errors("struct S { 1: \(name) a }") == ["1:15: unknown type '\(name.prefix(100))…'"])
  }
}
