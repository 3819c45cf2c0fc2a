import Testing
import ThriftIDL

@Suite("Recursive types")
struct RecursionTests {
  /// The fields that must live on the heap, as `Type.field`.
  private func indirections(_ text: String) throws -> [String] {
    let program = try program(text)
    return program.definitions.flatMap { definition in
      (definition.structure?.fields ?? []).filter(\.needsIndirection).map { "\(definition.name).\($0.name)" }
    }
  }

  @Test("an optional field breaks a circle")
  func optional() throws {
    #expect(try indirections("struct A { 1: optional A a, 2: i32 b }") == ["A.a"])
    #expect(try indirections("struct A { 1: required B b }\nstruct B { 1: optional A a }") == ["B.a"])
  }

  @Test("a reference breaks a circle, and the other fields in it stay what they are")
  func reference() throws {
    let text = "struct A { 1: B & b }\nstruct B { 1: A a }"
    #expect(try indirections(text) == ["A.b"])
    #expect(try program(text).fields(of: "B")[0].isReference == false)
  }

  @Test("a member of a union breaks a circle")
  func union() throws {
    #expect(try indirections("union U { 1: S s, 2: i32 i }\nstruct S { 1: required U u }") == ["U.s"])
    #expect(try indirections("union U { 1: U u }") == ["U.u"])
  }

  @Test("containers break circles by themselves")
  func containers() throws {
    let text = "struct A { 1: list<A> a, 2: map<i32, A> b, 3: set<A> c, 4: optional list<A> d }"
    #expect(try indirections(text).isEmpty)
  }

  @Test("typedefs do not hide a circle")
  func typedefs() throws {
    #expect(try indirections("typedef A T\nstruct A { 1: optional T a }") == ["A.a"])
  }

  @Test("fields that lead to a circle without being part of it are left alone")
  func besideCircle() throws {
    #expect(
      try indirections("struct A { 1: optional B b }\nstruct B { 1: optional B b, 2: optional C c }\nstruct C {}") == [
        "B.b"
      ])
  }

  @Test("a circle across files is found")
  func acrossDefinitions() throws {
    let text = "struct A { 1: required B b }\nstruct B { 1: required C c }\nexception C { 1: optional A a }"
    #expect(try indirections(text) == ["C.a"])
  }

  @Test("a circle of fields that say nothing makes them optional, with a warning")
  func defaultRequiredness() throws {
    let text = "struct A { 1: B b }\nstruct B { 1: required A a }"
    let field = try program(text).fields(of: "A")[0]
    #expect(field.isReference)
    #expect(field.needsIndirection)
    #expect(try program(text).fields(of: "B")[0].needsIndirection == false)
    #expect(
      warnings(text)
        == ["1:17: 'b' leads back to 'A' and is treated as optional: no value can contain itself"])
  }

  @Test("a circle of required fields lives on the heap, with a warning that shows the way")
  func required() throws {
    #expect(try indirections("struct A { 1: required A a }") == ["A.a"])
    #expect(
      warnings("struct A { 1: required A a }") == [
        "1:26: a struct that contains itself can neither be written nor read: A.a → A; one of these fields must not be "
          + "required"
      ])
    let text = """
      struct A { 1: required B b }
      exception B { 1: required D d }
      struct C { 1: required A a }
      typedef C D
      """
    #expect(try indirections(text) == ["A.b", "B.d", "C.a"])
    #expect(
      warnings(text) == [
        "1:26: a struct that contains itself can neither be written nor read: A.b → B.d → C.a → A; one of these fields "
          + "must not be required"
      ])
  }

  @Test("each group of tied structs is reported once, and fields beside the circle stay what they are")
  func twoCircles() throws {
    let text = """
      struct A { 1: required B b, 2: required A a, 3: required D d }
      struct B { 1: required A a }
      struct C { 1: required C c, 2: optional A a, 3: C e }
      struct D {}
      """
    #expect(try indirections(text) == ["A.b", "A.a", "B.a", "C.c", "C.e"])
    #expect(
      warnings(text).filter { $0.contains("neither") }.map { String($0.prefix(5)) } == ["1:43:", "3:26:"])
  }

  @Test("a struct that holds one which can never be complete may be without it")
  func besideTiedCircle() throws {
    let text = """
      struct A { 1: required A a }
      struct B { 1: required A a }
      struct C { 1: A a, 2: B b, 3: optional B c, 4: i32 n, 5: required A d }
      """
    #expect(try indirections(text) == ["A.a"])
    #expect(try program(text).fields(of: "C").map(\.isReference) == [true, true, false, false, false])
    #expect(warnings(text).count == 1)
  }

  @Test("a default that leads into a circle of required fields is finite: such a field has no value by itself")
  func defaultInTiedCircle() throws {
    _ = try program("struct A { 1: required A a, 2: i32 n }\nconst A C = {'n': 1}\nstruct B { 1: A a = {} }")
  }

  @Test("a default that contains itself is an error, though its field is optional")
  func defaultContainsItself() {
    #expect(errors("struct S { 1: optional S s = {} }") == ["1:30: the default of 's' contains itself"])
    #expect(
      errors("struct A { 1: optional list<B> b = [{}] }\nstruct B { 1: optional A a = D }\nconst A D = {}")
        == ["1:36: the default of 'b' contains itself"])
  }

  @Test("a default that gives the field which would lead back is fine")
  func finiteDefault() throws {
    #expect(try indirections("struct S { 1: optional S s, 2: optional list<S> t = [{'t': []}] }") == ["S.s"])
  }
}
