import Testing
import ThriftIDL

/// A value of an enum is looked up by its last part in the enum that the type names, as Apache's compiler does.
@Suite("Values of enums")
struct EnumerationValueTests {
  private let palette = ["palette.thrift": "enum Color { RED = 1, BLUE = 2 } typedef Color Paint"]

  /// What the const `C` is, and what was said about it.
  private func value(_ text: String, _ literal: String, of type: String) throws -> (String, [String]) {
    let text = text + "\nconst \(type) C = \(literal)"
    return (try valueOfC(text, with: palette), warnings(text, with: palette))
  }

  @Test(
    "the file's prefix may be missing, or be that of a typedef",
    arguments: ["Color.BLUE", "palette.Color.BLUE", "Paint.BLUE", "palette.Paint.BLUE", "other.Color.BLUE"])
  func includedFile(name: String) throws {
    let (value, warnings) = try value("include 'palette.thrift'", name, of: "palette.Color")
    #expect(value == "Color.BLUE")
    #expect(warnings.isEmpty)
  }

  @Test(
    "whatever stands before the value, it is one of the type's enum, with a warning if that is not what it says",
    arguments: [
      ("palette.BLUE", "the enum's name is missing; write 'palette.Color.BLUE'"),
      ("No.BLUE", "there is no 'No.BLUE'; 'palette.Color.BLUE' is taken, as the type is palette.Color"),
      ("a.b.BLUE", "there is no 'a.b.BLUE'; 'palette.Color.BLUE' is taken, as the type is palette.Color"),
      (
        "Mood.BLUE",
        "'Mood.BLUE' is a value of another enum; 'palette.Color.BLUE' is taken, as the type is palette.Color"
      ),
      ("Happy.BLUE", "there is no 'Happy.BLUE'; 'palette.Color.BLUE' is taken, as the type is palette.Color"),
    ])
  func prefix(name: String, warning: String) throws {
    let types = "include 'palette.thrift' enum Mood { SAD, BLUE } enum Happy { YES }"
    let (value, warnings) = try value(types, name, of: "palette.Color")
    #expect(value == "Color.BLUE")
    #expect(warnings == ["2:25: \(warning)"])
  }

  @Test("an enum of the same name in this file is another one")
  func sameName() throws {
    let types = "include 'palette.thrift' namespace swift own enum Color { BLUE = 7 }"
    let (value, warnings) = try value(types, "Color.BLUE", of: "palette.Color")
    #expect(value == "Color.BLUE")
    #expect(warnings.count == 1)
    #expect(try self.value(types, "palette.Color.BLUE", of: "palette.Color").1.isEmpty)
    #expect(try valueOfC(types + " const i32 C = Color.BLUE", with: palette) == "7")
  }

  @Test("in containers, structs, typedefs and their nesting")
  func inside() throws {
    let types = """
      include 'palette.thrift'
      typedef palette.Paint Tint
      typedef map<Tint, list<Tint>> Shades
      struct Card { 1: Tint front = Color.BLUE, 2: set<palette.Color> all = [Color.RED, Tint.BLUE] }
      """
    #expect(
      try value(types, "{Color.RED: [Color.BLUE, Paint.RED], 2: []}", of: "Shades").0
        == "{Color.RED: [Color.BLUE, Color.RED], Color.BLUE: []}")
    #expect(
      try value(types, "[{'front': Color.RED, 'all': [Color.BLUE]}]", of: "list<Card>").0
        == "[Card{front: Color.RED, all: (Color.BLUE)}]")
    let program = try program(types, with: palette)
    let defaults = try program.fields(of: "Card").map { program.text(try #require($0.defaultValue)) }
    #expect(defaults == ["Color.BLUE", "(Color.RED, Color.BLUE)"])
  }

  @Test("as the default of an argument")
  func argument() throws {
    let text = "include 'palette.thrift'\nservice S { void f(1: palette.Color c = Color.BLUE) }"
    let program = try program(text, with: palette)
    let argument = try #require(program.definition("S").service?.functions.first?.arguments.first)
    #expect(program.text(try #require(argument.defaultValue)) == "Color.BLUE")
  }

  @Test("of an enum in a file that is included by an included one")
  func twoFilesAway() throws {
    let files = palette.merging(["cards.thrift": "include 'palette.thrift' typedef palette.Color Back"]) { $1 }
    let text = "include 'cards.thrift'\nconst cards.Back C = palette.Color.BLUE\nconst cards.Back D = Color.RED"
    #expect(try valueOfC(text, with: files) == "Color.BLUE")
    #expect(warnings(text, with: files).isEmpty)
  }

  @Test("a const of the enum comes before a value of the same name")
  func constant() throws {
    let files = ["o.thrift": "enum E { A, B } const E A = E.B"]
    #expect(try valueOfC("include 'o.thrift'\nconst o.E C = o.A", with: files) == "A→E.B")
    #expect(try valueOfC("enum E { A, B } const E D = E.B\nconst E C = D") == "D→E.B")
  }

  @Test("a const of another type gives way to a value of its name")
  func constantOfAnotherType() throws {
    let files = ["o.thrift": "enum E { A, B } const i32 A = 7"]
    let text = "include 'o.thrift'\nconst o.E C = o.A"
    #expect(try valueOfC(text, with: files) == "E.A")
    #expect(warnings(text, with: files) == ["2:15: the enum's name is missing; write 'o.E.A'"])
    let found = errors("include 'o.thrift'\nconst o.E C = o.Z", with: ["o.thrift": "enum E { A } const i32 Z = 7"])
    #expect(found == ["2:15: expected E, but 'Z' is of type i32"])
  }

  @Test("a value without any prefix is refused, as Apache's compiler does, and the message says what to write")
  func bare() {
    #expect(
      errors("include 'palette.thrift'\nconst palette.Color C = BLUE", with: palette)
        == ["2:25: unknown const or enum value 'BLUE'; write 'palette.Color.BLUE'"])
  }

  @Test("for an integer the whole name is needed, as nothing says which enum is meant")
  func integer() throws {
    let text = "include 'palette.thrift'\n"
    #expect(try valueOfC(text + "const i32 C = palette.Color.BLUE", with: palette) == "2")
    #expect(
      errors(text + "const i32 C = Color.BLUE", with: palette)
        == ["2:15: unknown const or enum value 'Color.BLUE'; did you mean 'palette.Color.BLUE'?"])
  }

  @Test("values that errors may hide are not spoken of")
  func incomplete() {
    #expect(warnings("include 'gone.thrift'\nenum E { A }\nconst E C = gone.A").isEmpty)
    #expect(errors("enum E { A, = }\nconst E C = F.Z\nconst E D = F.A").map { String($0.prefix(5)) } == ["1:13:"])
  }
}
