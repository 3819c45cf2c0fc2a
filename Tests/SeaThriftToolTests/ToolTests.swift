import Foundation
import Testing

@Suite("The command seathrift")
struct ToolTests {
  @Test("generate writes one Swift file for each file and for each that it includes")
  func generate() throws {
    let tool = try ToolRun([
      "a.thrift": "include 'lib/b.thrift' struct A { 1: b.B b }", "lib/b.thrift": "struct B {}",
    ])
    let outcome = try tool.run("generate", "--out", "made/here", "a.thrift")
    #expect(outcome.status == 0)
    #expect(outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome)")
    #expect(tool.files == ["a.thrift", "lib/b.thrift", "made/here/a.swift", "made/here/b.swift"])
    #expect(try tool.contents(of: "made/here/a.swift").contains("public struct A: SeaThrift::ThriftStruct {"))
  }

  @Test("no file is called main.swift, where constants would come into being too late, and names end as is asked for")
  func fileNames() throws {
    let tool = try ToolRun([
      "main.thrift": "include 'x/main.thrift' include 'main-2.thrift' const i32 A = 1", "x/main.thrift": "",
      "main-2.thrift": "",
    ])
    #expect(try tool.run("generate", "--out", "one", "main.thrift").status == 0)
    #expect(tool.files.filter { $0.hasPrefix("one") } == ["one/main-2.swift", "one/main-3.swift", "one/main-4.swift"])
    #expect(try tool.run("generate", "--out", "two", "--suffix=.thrift.swift", "x/main.thrift").status == 0)
    #expect(tool.files.filter { $0.hasPrefix("two") } == ["two/main-2.thrift.swift"])
    for suffix in ["swift", ".txt", "/a.swift"] {
      #expect(try tool.run("generate", "--suffix", suffix, "main.thrift").status == 64)
    }
  }

  @Test("includes are looked for in the folders after -I, in their order")
  func includeDirectories() throws {
    let tool = try ToolRun([
      "a.thrift": "include 'b.thrift' struct A { 1: b.First b }", "one/b.thrift": "struct First {}",
      "two/b.thrift": "struct Second {}",
    ])
    #expect(try tool.run("check", "-I", "one", "-Itwo", "a.thrift").status == 0)
    let other = try tool.run("check", "-I", "two", "-I", "one", "a.thrift")
    #expect(other.status == 1)
    let none = try tool.run("check", "a.thrift")
    #expect(none.status == 1)
    #expect(none.errors.hasPrefix("a.thrift:1:"))
  }

  @Test("errors have file, line, column, the line and a caret; there are several in one run, and nothing is written")
  func errors() throws {
    let tool = try ToolRun([
      "bad.thrift": "struct A {\n  1: Missing a\n  2: i32 b\n\t2: i32 c\n}\n", "good.thrift": "struct B {}",
    ])
    let outcome = try tool.run("generate", "--out", "made", "good.thrift", "bad.thrift")
    #expect(outcome.status == 1)
    #expect(tool.files == ["bad.thrift", "good.thrift"])
    let lines = outcome.errors.split(separator: "\n").map(String.init)
    let errors = lines.filter { $0.hasPrefix("bad.thrift:") }
    #expect(errors.count == 2, "\(outcome.errors)")
    #expect(errors[0].hasPrefix("bad.thrift:2:6: error: ") && errors[0].contains("Missing"))
    #expect(errors[1].hasPrefix("bad.thrift:4:"))
    #expect(outcome.errors.contains("\n  1: Missing a\n     ^\n"))
    // The tab stays a tab, so that the caret stands below the place.
    #expect(lines.contains { $0.hasPrefix("\t") && $0.hasSuffix("^") })
    #expect(try tool.run("check", "bad.thrift").errors == outcome.errors)
  }

  @Test("check says nothing about a good file and writes nothing")
  func check() throws {
    let tool = try ToolRun(["a.thrift": "struct A { 1: i32 a }"])
    let outcome = try tool.run("check", "a.thrift")
    #expect(outcome.status == 0)
    #expect(outcome.output.isEmpty && outcome.errors.isEmpty)
    #expect(tool.files == ["a.thrift"])
  }

  @Test("a warning does not keep it from writing")
  func warning() throws {
    let tool = try ToolRun(["a.thrift": "struct A { i32 a }"])
    let outcome = try tool.run("generate", "a.thrift")
    #expect(outcome.status == 0)
    #expect(outcome.errors.hasPrefix("a.thrift:1:16: warning: "), "\(outcome.errors)")
    #expect(tool.files == ["a.swift", "a.thrift"])
  }

  @Test("files that have not changed are not written again")
  func unchanged() throws {
    let tool = try ToolRun(["a.thrift": "struct A {}"])
    #expect(try tool.run("generate", "a.thrift").status == 0)
    let file = tool.folder.appending(path: "a.swift").path
    let past = Date(timeIntervalSince1970: 1_000_000_000)
    try FileManager.default.setAttributes([.modificationDate: past], ofItemAtPath: file)
    #expect(try tool.run("generate", "a.thrift").status == 0)
    #expect(try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date == past)
  }

  @Test("the access level is the one that is asked for", arguments: ["public", "package", "internal"])
  func access(level: String) throws {
    let tool = try ToolRun(["a.thrift": "struct A {}"])
    #expect(try tool.run("generate", "--access=\(level)", "a.thrift").status == 0)
    let swift = try tool.contents(of: "a.swift")
    #expect(swift.contains(level == "internal" ? "\nstruct A:" : "\n\(level) struct A:"))
  }

  @Test("fields of default requiredness are optionals when that is asked for")
  func optionalDefaults() throws {
    let tool = try ToolRun(["a.thrift": "struct A { 1: i32 a }"])
    #expect(try tool.run("generate", "--optional-defaults", "a.thrift").status == 0)
    #expect(try tool.contents(of: "a.swift").contains("public var a: Swift::Int32?\n"))
    #expect(try tool.run("generate", "a.thrift").status == 0)
    #expect(try tool.contents(of: "a.swift").contains("public var a: Swift::Int32\n"))
  }

  @Test("what cannot be read or written is status 1 and says which file")
  func files() throws {
    let tool = try ToolRun(["a.thrift": "struct A {}", "folder/x": ""])
    let missing = try tool.run("check", "missing.thrift")
    #expect(missing.status == 1 && missing.errors.contains("missing.thrift"))
    let folder = try tool.run("check", "folder")
    #expect(folder.status == 1 && folder.errors.contains("folder"))
    let unwritable = try tool.run("generate", "--out", "a.thrift", "a.thrift")
    #expect(unwritable.status == 1 && unwritable.errors.contains("a.thrift"))
    #expect(try tool.contents(of: "a.thrift") == "struct A {}")
  }

  @Test(
    "wrong usage is status 64 and says what is wrong",
    arguments: [
      [], ["frobnicate"], ["check"], ["generate", "--out"], ["check", "--out", "x", "a.thrift"],
      ["generate", "--access", "open", "a.thrift"], ["check", "--unknown", "a.thrift"],
    ])
  func usage(arguments: [String]) throws {
    let outcome = try ToolRun([:]).run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.errors.hasPrefix("seathrift: ") && outcome.errors.contains("Usage:"))
    #expect(outcome.output.isEmpty)
  }

  @Test("help is no error")
  func help() throws {
    let outcome = try ToolRun([:]).run("--help")
    #expect(outcome.status == 0 && outcome.output.hasPrefix("Usage: seathrift") && outcome.errors.isEmpty)
  }

  @Test("the build plugin's generator writes the very files that generate writes, and is as strict about its arguments")
  func generator() throws {
    let tool = try ToolRun([
      "a.thrift": "include 'b.thrift' struct A { 1: b.B b }", "b.thrift": "struct B { 1: i32 n }",
    ])
    let options = ["--access", "package", "--optional-defaults", "--suffix", ".thrift.swift", "--out"]
    #expect(try tool.run(["generate"] + options + ["one", "a.thrift"]).status == 0)
    let outcome = try tool.run(options + ["two", "--", "a.thrift"], executable: "SeaThriftGenerator")
    #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome)")
    for name in ["a.thrift.swift", "b.thrift.swift"] {
      #expect(try tool.contents(of: "one/\(name)") == tool.contents(of: "two/\(name)"))
    }
    for arguments in [[], ["--help"], ["--what", "a.thrift"], ["generate"]] {
      let outcome = try tool.run(arguments, executable: "SeaThriftGenerator")
      #expect(outcome.status != 0 && !outcome.errors.isEmpty, "\(arguments)")
    }
  }
}
