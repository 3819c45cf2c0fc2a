import Testing

@Suite("Namespaces")
struct NamespaceTests {
  @Test("a namespace is an enum around the declarations")
  func nested() throws {
    let swift = try generate("namespace swift a.b\nconst i32 x = 1")
    #expect(
      swift == """
        nonisolated public enum a {}

        nonisolated extension a { public enum b {} }

        nonisolated extension a.b {
          public static let x: Swift::Int32 = 1
        }

        """)
  }

  @Test("the namespace for Swift wins over the one for all, and others do not count")
  func languages() throws {
    #expect(try generate("namespace * all\nnamespace swift mine\nconst i32 x = 1").contains("extension mine {"))
    #expect(try generate("namespace swift mine\nnamespace * all\nconst i32 x = 1").contains("extension mine {"))
    #expect(try generate("namespace * all\nnamespace java j\nconst i32 x = 1").contains("extension all {"))
    #expect(try generate("namespace java j\nconst i32 x = 1") == "nonisolated public let x: Swift::Int32 = 1\n")
  }

  @Test("keywords and names that no member may have are made legal")
  func names() throws {
    #expect(try generate("namespace swift default.Type\nconst i32 x = 1").contains("extension `default`.Type_ {"))
  }

  @Test("one file, the first by name, declares the enums of a namespace")
  func declaredOnce() throws {
    let files = try generateFiles(
      "namespace swift a.b\ninclude 'one.thrift'\ninclude 'two.thrift'",
      with: ["one.thrift": "namespace swift a.b", "two.thrift": "namespace swift a.c"])
    #expect(files["one.swift"]?.contains("enum a {}") == true)
    #expect(files["one.swift"]?.contains("extension a { public enum b {} }") == true)
    #expect(files["two.swift"]?.contains("enum a {}") == false)
    #expect(files["two.swift"]?.contains("extension a { public enum c {} }") == true)
    #expect(files["test.swift"]?.contains("enum") == false)
  }

  @Test("a type of another namespace is named by its path, or by a second name where that is hidden")
  func references() throws {
    let other = ["other.thrift": "namespace swift x.y\nstruct S {}"]
    let path = try generate("namespace swift a\ninclude 'other.thrift'\ntypedef other.S T", with: other)
    #expect(path.contains("public typealias T = x.y.S"))
    let hidden = try generateFiles(
      "namespace swift a\ninclude 'other.thrift'\ntypedef other.S T\nstruct x {}", with: other)
    #expect(hidden["test.swift"]?.contains("public typealias T = xType.y.S") == true)
    #expect(hidden["other.swift"]?.contains("public typealias xType = x\n") == true)
  }

  @Test("a type without namespace is found from inside one, also when that declares the same name")
  func moduleScope() throws {
    let files = try generateFiles(
      "namespace swift a\ninclude 'other.thrift'\nstruct S { 1: other.S s, 2: other.T t }",
      with: ["other.thrift": "struct S {} struct T {}"])
    #expect(files["test.swift"]?.contains("public var s: SType\n") == true)
    #expect(files["test.swift"]?.contains("public var t: T\n") == true)
    #expect(files["other.swift"]?.contains("public typealias SType = S\n") == true)
  }
}
