import Testing

/// What is generated compiles without a warning, whatever the IDL calls things.
@Suite("Names in generated code", .serialized)
struct NameTests {
  /// A package may have chosen any of these. (The other tests are without.)
  private static let settings =
    [
      "NonisolatedNonsendingByDefault", "ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility",
      "InferIsolatedConformances",
    ].flatMap { ["-enable-upcoming-feature", $0] } + ["-strict-memory-safety", "-default-isolation", "MainActor"]

  @Test("every name in every position, each kind of definition in a namespace, with every setting")
  func inNamespaces() throws {
    let programs = AwkwardNames.programs { "namespace swift \($0)" }
    let tool = try ToolRun(Dictionary(uniqueKeysWithValues: programs.map { ("\($0).thrift", $1) }))
    let outcome = try tool.run(["generate", "--out", "made"] + programs.keys.map { "\($0).thrift" })
    #expect(outcome.status == 0, "\(outcome.errors.prefix(1000))")
    #expect(try tool.typeCheck("made", Self.settings) == "")
  }

  @Test(
    "every name in every position, without a namespace",
    arguments: AwkwardNames.isComplete
      ? AwkwardNames.programs { _ in "" }.keys.sorted() : ["services", "structs", "unions"])
  func withoutNamespace(kind: String) throws {
    let tool = try ToolRun(["a.thrift": AwkwardNames.programs { _ in "" }[kind] ?? ""])
    let outcome = try tool.run("generate", "--out", "made", "a.thrift")
    #expect(outcome.status == 0, "\(outcome.errors.prefix(1000))")
    #expect(try tool.typeCheck("made") == "")
  }

  @Test("every name as a namespace, and as a namespace in one of the same name that holds a type of that name")
  func namespaces() throws {
    var files: [String: String] = [:]
    for (index, name) in AwkwardNames.names.enumerated() {
      files["a\(index).thrift"] = "namespace swift \(name)\nstruct Thing { 1: i32 n, 2: list<Thing> l }\n"
      files["b\(index).thrift"] =
        "namespace swift \(name).\(name)\nstruct \(name) { 1: string s }\nunion Either { 1: i32 n }\n"
      files["c\(index).thrift"] =
        "namespace swift in_\(name).\(name)\nenum Mood { GOOD }\nservice Host { Mood get(1: Mood m) }\n"
    }
    let tool = try ToolRun(files)
    let outcome = try tool.run(["generate", "--out", "made"] + files.keys)
    #expect(outcome.status == 0, "\(outcome.errors.prefix(1000))")
    #expect(try tool.typeCheck("made") == "")
  }

  @Test(
    "as the name of the module that the code is generated in",
    arguments: [
      ("Task", "Task"), ("Handler", "Thing"), ("String", "Swift"), ("Foundation", "Foundation"),
    ])
  func module(name: String, type: String) throws {
    let tool = try ToolRun([
      "a.thrift": AwkwardNames.program(in: "", type: type),
      "b.thrift": AwkwardNames.program(in: "shop.\(name)", type: type),
    ])
    #expect(try tool.run("generate", "--out", "made", "a.thrift", "b.thrift").status == 0)
    #expect(try tool.typeCheck("made", module: name) == "")
  }
}
