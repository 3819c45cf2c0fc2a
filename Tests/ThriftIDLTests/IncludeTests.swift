import Testing
import ThriftIDL

@Suite("Includes")
struct IncludeTests {
  @Test("types, consts, enum values and services of an included file have its base name as prefix")
  func prefix() throws {
    let other = """
      struct T {}
      enum E { A = 4 }
      const i32 K = 7
      service P {}
      """
    let text = """
      include "dir/other.thrift"
      struct S { 1: other.T t, 2: other.E e = other.E.A, 3: i32 k = other.K }
      service V extends other.P {}
      """
    let program = try program(text, with: ["dir/other.thrift": other])
    let fields = try program.fields(of: "S")
    #expect(fields.map { program.text($0.type) } == ["T", "E", "i32"])
    #expect(fields.compactMap(\.defaultValue).map(program.text) == ["E.A", "K→7"])
    let parent = try #require(try program.definition("V").service?.parent)
    #expect(program[parent].name == "P")
    #expect(program[program[parent].document].path == "dir/other.thrift")
  }

  @Test("a base name may have dots")
  func dottedBaseName() throws {
    let text = "include \"a.b.c.thrift\"\nstruct S { 1: a.b.c.T t = {}, 2: a.b.c.E e = a.b.c.E.X }"
    let program = try program(text, with: ["a.b.c.thrift": "struct T {} enum E { X }"])
    #expect(program.documents[1].name == "a.b.c")
    #expect(try program.fields(of: "S").compactMap(\.defaultValue).map(program.text) == ["T{}", "E.X"])
  }

  @Test("the folder of the including file is searched first, then the include directories in order")
  func searchOrder() throws {
    let files = [
      "x/a.thrift": "include 'c.thrift'\nstruct T { 1: c.C c }", "x/c.thrift": "struct C { 1: i32 near }",
      "one/c.thrift": "struct C { 1: i32 one }", "one/b.thrift": "struct B { 1: i32 one }",
      "two/b.thrift": "struct B { 1: i32 two }", "two/d.thrift": "struct D { 1: i32 two }",
      "main.thrift": "include 'x/a.thrift'\ninclude 'b.thrift'\ninclude 'd.thrift'",
    ]
    let result = FrontEnd(loader: InMemorySources(files), includeDirectories: ["one", "two"]).compile(["main.thrift"])
    let program = try #require(result.program)
    #expect(
      program.documents.map(\.path) == ["main.thrift", "x/a.thrift", "one/b.thrift", "two/d.thrift", "x/c.thrift"])
    #expect(program.documents.map(\.isRoot) == [true, false, false, false, false])
  }

  @Test("a file that is reached on several ways is compiled once")
  func diamond() throws {
    let text = "include 'l.thrift'\ninclude './r.thrift'\ninclude 'l.thrift'\nstruct S { 1: l.L l, 2: r.R r }"
    let files = [
      "l.thrift": "include 'd/base.thrift'\nstruct L { 1: base.B b }",
      "r.thrift": "include 'd/../d/base.thrift'\nstruct R { 1: base.B b }", "d/base.thrift": "struct B {}",
    ]
    let program = try program(text, with: files)
    #expect(program.documents.map(\.name) == ["test", "l", "r", "base"])
    #expect(program.documents[0].includes.map(\.document.index) == [1, 2, 1])
  }

  @Test("two files of one base name share their prefix; the last one wins")
  func sharedPrefix() throws {
    let text = "include 'x/a.thrift'\ninclude 'y/a.thrift'\nstruct S { 1: a.X x, 2: a.Y y, 3: a.Both b }"
    let program = try program(
      text, with: ["x/a.thrift": "struct X {} struct Both {}", "y/a.thrift": "struct Y {} struct Both {}"])
    guard case .structure(let both) = try program.fields(of: "S")[2].type.shape else { throw Unexpected() }
    #expect(program[program[both].document].path == "y/a.thrift")
  }

  @Test("what an included file includes is not visible")
  func notTransitive() {
    let found = errors(
      "include 'a.thrift'\nstruct S { 1: b.B b }", with: ["a.thrift": "include 'b.thrift'", "b.thrift": "struct B {}"])
    #expect(found == ["2:15: unknown type 'b.B': no file 'b.thrift' is included"])
  }

  @Test("a file that is not there is an error at the include line, and only there")
  func missing() {
    let found = errors("include 'no.thrift'\nstruct S { 1: no.T t }")
    #expect(found == ["1:1: included file 'no.thrift' not found"])
  }

  @Test("a file that the user names and that is not there is an error")
  func missingRoot() {
    let result = FrontEnd(loader: InMemorySources([:] as [String: String])).compile(["no.thrift"])
    #expect(result.hasErrors)
    #expect(result.diagnostics.map(\.description) == ["no.thrift: error: no such file"])
  }

  @Test("a file that cannot be read is an error that says why")
  func unreadable() {
    struct Locked: SourceLoader {
      func load(_ path: String) throws(SourceLoadingError) -> LoadedSource? {
        if path == "a.thrift" { return LoadedSource(identity: path, bytes: Array("include 'b.thrift'".utf8)) }
        throw SourceLoadingError(reason: "permission denied")
      }
    }
    let result = FrontEnd(loader: Locked()).compile(["a.thrift", "c.thrift"])
    #expect(
      result.diagnostics.map(\.message) == [
        "cannot be read: permission denied", "included file 'b.thrift' cannot be read: permission denied",
      ])
  }

  @Test("files that include each other are an error that shows the way")
  func circle() {
    let found = errors(
      "include 'a.thrift'", with: ["a.thrift": "include 'b.thrift'", "b.thrift": "\ninclude 'a.thrift'"])
    #expect(
      found == ["b.thrift:2:1: files include each other in a circle: 'a.thrift' → 'b.thrift' → 'a.thrift'"])
  }

  @Test("a file that includes itself is an error")
  func selfInclude() {
    #expect(
      errors("include 'test.thrift'")
        == ["1:1: files include each other in a circle: 'test.thrift' → 'test.thrift'"])
  }

  @Test("an unknown name in an included file is found out")
  func unknownName() {
    let found = errors(
      "include 'a.thrift'\nstruct S { 1: a.No t, 2: i32 i = a.no }\nservice V extends a.No {}",
      with: ["a.thrift": ""])
    #expect(
      found == [
        "2:15: unknown type 'a.No'", "2:34: unknown const or enum value 'a.no'", "3:19: unknown service 'a.No'",
      ])
  }

  @Test("errors in several files are reported in the order of the files")
  func errorsInSeveralFiles() {
    let found = errors("include 'a.thrift'\nstruct S { 1: X x }", with: ["a.thrift": "struct T { 1: Y y }"])
    #expect(found == ["2:15: unknown type 'X'", "a.thrift:1:15: unknown type 'Y'"])
  }

  @Test(
    "a type may be called like one of an included file unless all their namespaces are the same",
    arguments: [
      ("", "", false), ("namespace java a", "namespace java a", false), ("namespace * a", "namespace java a", true),
      ("namespace java a", "namespace java b", true), ("namespace java a", "", true), ("", "namespace java a", true),
      ("namespace java a|namespace py b", "namespace java a", true),
    ])
  func sameNameInInclude(namespaces: String, otherNamespaces: String, isFine: Bool) {
    let found = errors(
      "\(lines(namespaces))\ninclude 'o.thrift'\nstruct X { 1: o.X x }",
      with: ["o.thrift": "\(otherNamespaces)\nenum X {}"])
    #expect(found.isEmpty == isFine)
    if !isFine {
      #expect(
        found.first?.hasSuffix(
          "'X' is also defined in the included 'o.thrift', on line 2, and the two files have the same namespaces")
          == true)
    }
  }

  @Test("included files that do not see each other may define the same names")
  func sameNameInTwoIncludes() throws {
    let files = ["a.thrift": "struct X {}", "b.thrift": "struct X {}"]
    #expect(!compile("include 'a.thrift'\ninclude 'b.thrift'\nstruct S { 1: a.X a, 2: b.X b }", with: files).hasErrors)
  }

  @Test("files of one base name get unique names that do not depend on the order of the includes")
  func uniqueNames() throws {
    let files = ["x/a.thrift": "", "y/a.thrift": "", "y/A.thrift": "", "a-2.thrift": ""]
    let paths = files.keys.sorted()
    for order in [paths, paths.reversed()] {
      let text = order.map { "include '\($0)'" }.joined(separator: "\n")
      let documents = try program(text, with: files).documents
      let names = Dictionary(documents.map { ($0.path, $0.uniqueName) }) { $1 }
      #expect(
        names == [
          "test.thrift": "test", "a-2.thrift": "a-2", "x/a.thrift": "a", "y/A.thrift": "A-3", "y/a.thrift": "a-4",
        ])
    }
  }
}
