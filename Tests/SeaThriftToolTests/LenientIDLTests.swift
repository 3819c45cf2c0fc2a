import Testing

/// What Apache's compiler lets pass, and IDL in the field relies on, becomes Swift that compiles.
@Suite("IDL from the field")
struct LenientIDLTests {
  private let palette = "namespace swift shared\nenum Color { RED = 1, BLUE = 2 }\ntypedef Color Paint"

  private static let programs = [
    "values of enums by their last part":
      """
    include "palette.thrift"
    struct Card {
      1: palette.Color front = Color.BLUE, 2: palette.Color back = palette.RED, 3: palette.Paint edge = Mood.BLUE
      4: map<palette.Color, list<Mood>> map = {Color.RED: [Mood.SAD, Color.BLUE]}
    }
    enum Mood { SAD, BLUE }
    const set<palette.Paint> ALL = [Color.RED, Paint.BLUE]
    const Card CARD = {"front": Color.RED, "map": {}}
    service Cards { void deal(1: palette.Color color = Color.RED) }
    """,
    "structs that contain themselves":
      """
    struct A { 1: required A a, 2: i32 n }
    struct B { 1: required C c }
    exception C { 1: required D d }
    struct D { 1: required B b, 2: A a, 3: required A other }
    union U { 1: A a, 2: U u }
    const A FIRST = {"n": 1}
    service S { A get(1: A a, 2: B b) throws (1: C c) }
    """,
    "consts of other element types":
      """
    typedef list<i64> Wide
    enum E { A = 3, B }
    const list<i32> SMALL = [1, 2, 1]
    const list<E> VALUES = [E.A, E.B]
    const Wide WIDE = SMALL
    const map<string, set<double>> DEEP = {"a": SMALL, "b": VALUES}
    const map<i32, i32> COUNTS = {1: 5, 2: 6}
    struct S { 1: list<i64> wide = SMALL, 2: set<i16> set = WIDE, 3: map<bool, i64> flags = COUNTS }
    """,
    "enums without 0":
      """
    enum E { A = 3 } enum Empty {} typedef E T
    struct S { 1: E e, 2: required T t, 3: optional E o, 4: Empty none, 5: list<E> all, 6: Inner inner }
    struct Inner { 1: required E e }
    exception X { 1: E e } union U { 1: E e }
    service V { E f(1: E e, 2: U u) throws (1: X x) }
    """,
  ]

  @Test(
    "is accepted, with warnings at most, and compiles in a target without settings", arguments: programs.keys.sorted())
  func accepted(program: String) throws {
    let text = try #require(Self.programs[program])
    let tool = try ToolRun(["a.thrift": text, "palette.thrift": palette])
    for options in [[], ["--optional-defaults"]] {
      let outcome = try tool.run(["generate", "--out", "made"] + options + ["a.thrift"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try tool.typeCheck("made") == "")
    }
  }

  @Test("a warning is one line with file, line and column, and then the place")
  func warning() throws {
    let tool = try ToolRun(["a.thrift": "struct A {\n  1: required A a\n}"])
    let outcome = try tool.run("generate", "a.thrift")
    #expect(outcome.status == 0)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 3 && lines[0].hasPrefix("a.thrift:2:17: warning: a struct that contains itself"))
    #expect(lines.dropFirst() == ["  1: required A a", "                ^"])
  }
}
