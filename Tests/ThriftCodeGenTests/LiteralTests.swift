import Testing

@testable import ThriftCodeGen

@Suite("Literals")
struct LiteralTests {
  @Test("strings are quoted and escaped")
  func strings() {
    // No arguments of the test: the log would be full of control characters.
    let literals = [
      ("", #""""#),
      ("plain text", #""plain text""#),
      (#"say "hi" \ bye"#, #""say \"hi\" \\ bye""#),
      ("a\nb\rc\td", #""a\nb\rc\td""#),
      ("\u{0}\u{1B}\u{7F}\u{85}", #""\u{0}\u{1B}\u{7F}\u{85}""#),
      (#"\(1 + 1)"#, #""\\(1 + 1)""#),
      ("Grüße 日本 😀 №", #""Grüße 日本 😀 №""#),
      ("\u{202E}rtl\u{200B}\u{FEFF}", #""\u{202E}rtl\u{200B}\u{FEFF}""#),
      ("e\u{301}", #""e\u{301}""#),
      ("\u{A0}\u{2028}", #""\u{A0}\u{2028}""#),
    ]
    for (value, literal) in literals { #expect(SwiftLiteral.string(value) == literal) }
  }

  @Test(
    "doubles keep every bit",
    arguments: [
      (0.0, "0.0"), (-0.0, "-0.0"), (1, "1.0"), (0.1, "0.1"), (1e300, "1e+300"),
      (.leastNormalMagnitude, "2.2250738585072014e-308"),
      (.leastNonzeroMagnitude, "Swift::Double(bitPattern: 0x0000000000000001)"),
      (.infinity, "Swift::Double.infinity"), (-.infinity, "-Swift::Double.infinity"), (.nan, "Swift::Double.nan"),
    ])
  func doubles(value: Double, literal: String) {
    #expect(SwiftLiteral.double(value) == literal)
    if value.isNormal || value.isZero { #expect(Double(literal)?.bitPattern == value.bitPattern) }
  }

  @Test("bytes are text where they are printable, and numbers else, sixteen in a line")
  func bytes() {
    #expect(SwiftLiteral.bytes([]) == "[]")
    #expect(SwiftLiteral.bytes(Array(#"a "b""#.utf8)) == #"[Swift::UInt8]("a \"b\"".utf8)"#)
    #expect(SwiftLiteral.bytes([0, 1, 255]) == "[0x00, 0x01, 0xFF]")
    #expect(SwiftLiteral.bytes([UInt8](repeating: 0, count: 17)).split(separator: "\n").count == 4)
  }
}
