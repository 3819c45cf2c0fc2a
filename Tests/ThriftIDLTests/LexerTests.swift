import Testing
import ThriftIDL

@Suite("Lexer")
struct LexerTests {
  @Test(
    "an integer may have a sign, leading zeros, or be hexadecimal",
    arguments: [
      ("7", "7"), ("+7", "7"), ("-7", "-7"), ("007", "7"), ("0", "0"), ("0x1F", "31"), ("-0xff", "-255"),
      ("9223372036854775807", "9223372036854775807"), ("-9223372036854775808", "-9223372036854775808"),
      ("0x7FFFFFFFFFFFFFFF", "9223372036854775807"), ("true", "1"), ("false", "0"),
    ])
  func integer(literal: String, value: String) throws {
    #expect(try valueOfC("const i64 C = \(literal)") == value)
  }

  @Test(
    "a double may lack its integer part, have an exponent, or look like an integer",
    arguments: [
      ("1.5", 1.5), (".5", 0.5), ("-.5", -0.5), ("1e3", 1000), ("1E+3", 1000), ("-1.5E-3", -0.0015), ("3", 3),
      ("+2.25", 2.25), ("0x10", 16), ("1e999", .infinity),
    ] as [(String, Double)])
  func double(literal: String, value: Double) throws {
    #expect(try valueOfC("const double C = \(literal)") == "\(value)")
  }

  @Test("'e10' is a name, not a number")
  func exponentAlone() throws {
    #expect(try valueOfC("const i32 e10 = 4\nconst i32 C = e10") == "e10→4")
  }

  @Test(
    "an integer beyond 64 bits is an error",
    arguments: ["9223372036854775808", "-9223372036854775809", "0xFFFFFFFFFFFFFFFF", "0x1FFFFFFFFFFFFFFFF"])
  func tooLargeInteger(literal: String) {
    #expect(errors("const i64 C = \(literal)") == ["1:15: integer \(literal) does not fit in 64 bits"])
  }

  @Test("a sign needs a number")
  func signAlone() {
    #expect(errors("const i32 C = -") == ["1:15: expected a number after '-'"])
  }

  @Test("a number does not end in a dot")
  func trailingDot() {
    #expect(errors("const double C = 1.\n") == ["1:19: unexpected character '.'"])
  }

  @Test("strings stand in double or single quotes, and the other quote needs no escape")
  func quotes() throws {
    #expect(try valueOfC(#"const string C = "it's""#) == "'it's'")
    #expect(try valueOfC(#"const string C = 'say "hi"'"#) == #"'say "hi"'"#)
  }

  @Test("the six escapes are replaced")
  func escapes() throws {
    #expect(try valueOfC(#"const string C = "\r\n\t\"\'\\""#) == "'\r\n\t\"'\\'")
  }

  @Test("any other escape is an error", arguments: ["a", "0", "x", "u", "*"])
  func unknownEscape(character: String) {
    let expected = #"unknown escape '\#(character)' after a backslash; there are \r \n \t \" \' and \\"#
    #expect(errors("const string C = \"a\\\(character)b\"") == ["1:20: " + expected])
  }

  @Test("characters beyond ASCII may stand in strings and comments")
  func unicode() throws {
    #expect(try valueOfC("// ☃\nconst string C = \"héllo ☃ 𝄞\" # ☃") == "'héllo ☃ 𝄞'")
  }

  @Test("a string ends on its line")
  func unterminatedString() {
    #expect(errors("const string C = \"ab\n") == ["1:18: unterminated string"])
    #expect(errors("const string C = 'ab") == ["1:18: unterminated string"])
    #expect(errors("const string C = 'ab\\") == ["1:18: unterminated string"])
  }

  @Test("a string that is not UTF-8 can be binary but no string")
  func invalidUTF8() throws {
    let bytes = Array("const binary C = \"".utf8) + [0xFF, 0x41] + Array("\"".utf8)
    let binary = FrontEnd(loader: InMemorySources(bytes: ["a.thrift": bytes])).compile(["a.thrift"])
    #expect(try #require(binary.program).text(ofConstant: "C") == "bytes [255, 65]")
    let text = Array("const string C = \"".utf8) + [0xFF, 0x41] + Array("\"".utf8)
    let string = FrontEnd(loader: InMemorySources(bytes: ["a.thrift": text])).compile(["a.thrift"])
    #expect(string.diagnostics.map(\.message) == ["the string is not UTF-8"])
  }

  @Test("the three forms of comments are skipped, also in the middle of things")
  func comments() throws {
    let text = "/* a\n * b */ struct /* c */ S { // d }\n 1: i32 # e }\n a /**/ /***/ }"
    #expect(try program(text).fields(of: "S").map(\.name) == ["a"])
  }

  @Test("a comment without an end is one error, at its start")
  func unterminatedComment() {
    #expect(errors("struct S {\n  1: i32 a /* no end\n}") == ["2:12: unterminated comment"])
    #expect(errors("/**") == ["1:1: unterminated comment"])
    #expect(errors("/*/") == ["1:1: unterminated comment"])
  }

  @Test("a byte order mark, Windows line ends and a missing last newline are fine")
  func lineEnds() throws {
    let text = "\u{FEFF}struct S {\r\n  1: i32 a\r\n  2: i32 b\r\n}"
    #expect(try program(text).fields(of: "S").map(\.name) == ["a", "b"])
  }

  @Test("a byte order mark in the middle is an error")
  func misplacedByteOrderMark() {
    #expect(errors("struct S {}\n\u{FEFF}") == ["2:1: unexpected character U+FEFF"])
  }

  @Test("characters that start nothing are reported once where they stand together")
  func unexpectedCharacters() {
    #expect(
      errors("struct S {} @@@ struct T {} $") == ["1:13: unexpected character '@'", "1:29: unexpected character '$'"])
    #expect(errors("struct S {}\u{7}") == ["1:12: unexpected character U+0007"])
    #expect(errors("struct é {}").first == "1:8: unexpected character 'é'")
  }

  @Test("a file may be empty, or hold nothing but comments", arguments: ["", "|", "# x", "/* x */", "\u{FEFF}"])
  func nothing(text: String) throws {
    #expect(try program(lines(text)).definitions.isEmpty)
  }
}
