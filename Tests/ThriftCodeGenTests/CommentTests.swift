import Testing

@Suite("Comments")
struct CommentTests {
  @Test("a comment is carried over, line by line")
  func lines() throws {
    let swift = try generate("/**\n * First.\n *\n *   Second, with */ struct S {}")
    #expect(swift.hasPrefix("/// First.\n///\n"))
    #expect(swift.contains("Second, with\npublic struct S"))
  }

  @Test("whatever stands in a comment, it stays one")
  func hostile() throws {
    let swift = try generate("/** a /* b \\n \"c\" \\(d) \r x \u{0} \u{2028} y #endif */ struct S {}")
    let declaration = try #require(swift.firstRange(of: "public struct S"))
    let comment = swift[..<declaration.lowerBound]
    #expect(comment.split(separator: "\n").allSatisfy { $0.hasPrefix("///") })
    #expect(!comment.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0 == "\u{2028}" })
  }

  @Test("everything that has a comment keeps it")
  func everywhere() throws {
    let swift = try generate(
      """
      /** 1. */ typedef i32 T
      /** 2. */ enum E { /** 3. */ a }
      /** 4. */ union U { /** 5. */ 1: i32 m }
      /** 6. */ const i32 c = 1
      /** 7. */ service S { /** 8. */ void f(/** 9. */ 1: i32 x) }
      """)
    for number in 1...9 { #expect(swift.contains("\(number).\n")) }
  }
}
