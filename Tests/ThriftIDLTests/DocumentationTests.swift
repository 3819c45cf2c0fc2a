import Testing
import ThriftIDL

@Suite("Documentation comments")
struct DocumentationTests {
  @Test("a comment belongs to the definition, field, value, function or argument after it")
  func everywhere() throws {
    let text = """
      /** struct */ struct S { /** field */ 1: i32 a }
      /** enum */ enum E { /** value */ A }
      /** const */ const i32 C = 1
      /** typedef */ typedef i32 T
      /** exception */ exception X {}
      /** service */ service V { /** function */ void f(/** argument */ 1: i32 a) throws (/** thrown */ 1: X x) }
      """
    let program = try program(text)
    #expect(
      program.definitions.map(\.documentation)
        == ["struct", "enum", "const", "typedef", "exception", "service"])
    #expect(try program.fields(of: "S")[0].documentation == "field")
    #expect(try program.definition("E").enumeration?.values[0].documentation == "value")
    let function = try #require(try program.definition("V").service?.functions[0])
    #expect(function.documentation == "function")
    #expect(function.arguments[0].documentation == "argument")
    #expect(function.exceptions[0].documentation == "thrown")
  }

  @Test("stars at line starts, common indentation and empty lines around the text go away")
  func cleaning() throws {
    let text = """
      /**
       * First line.
       *
       *   Indented.
       * Last line.   \n */
      struct S {}
      """
    #expect(try program(text).definition("S").documentation == "First line.\n\n  Indented.\nLast line.")
  }

  @Test("without a star in every line, stars are text")
  func starsAsText() throws {
    let text = "/** List:\n    * one\n    two\n*/ struct S {}"
    #expect(try program(text).definition("S").documentation == "List:\n* one\ntwo")
  }

  @Test("Windows line ends do not show in the text")
  func carriageReturns() throws {
    #expect(try program("/**\r\n * a\r\n * b\r\n */\r\nstruct S {}").definition("S").documentation == "a\nb")
  }

  @Test(
    "ordinary comments and comments of stars only are no documentation",
    arguments: ["/* a */", "/**/", "/***/", "/*****/", "// a", "# a"])
  func noDocumentation(comment: String) throws {
    #expect(try program("\(comment)\nstruct S {}").definition("S").documentation == nil)
  }

  @Test("of two comments the last one counts, and the first one is the file's")
  func twoComments() throws {
    let program = try program("/** file */\n/** struct */\nstruct S {}")
    #expect(program.documents[0].documentation == "file")
    #expect(try program.definition("S").documentation == "struct")
  }

  @Test("a comment before a header line is the file's")
  func fileDocumentation() throws {
    let program = try program("/** file */\nnamespace swift a\nstruct S {}")
    #expect(program.documents[0].documentation == "file")
    #expect(try program.definition("S").documentation == nil)
  }

  @Test("a comment before the first definition is not the file's")
  func onlyDefinition() throws {
    #expect(try program("/** struct */\nstruct S {}").documents[0].documentation == nil)
  }
}
