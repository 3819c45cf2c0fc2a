import Foundation
import Testing

/// The plugin's own sources are linked into these tests: a plugin is a program that only SwiftPM can run.
@Suite("seathrift.json")
struct PluginOptionsTests {
  private func options(_ json: String, with files: [String: String] = [:]) throws -> PluginOptions {
    let folder = try ToolRun(files.merging(["IDL/seathrift.json": json]) { $1 })
    return try PluginOptions(contentsOf: folder.folder.appending(path: "IDL/seathrift.json"))
  }

  @Test("it says what the tool's options say, and nothing has to be there")
  func complete() throws {
    #expect(try options("{}").arguments.isEmpty)
    let all = try options(
      #"{"access": "internal", "includePaths": ["../Shared", "more"], "optionalDefaults": true}"#,
      with: ["Shared/a.thrift": "", "IDL/more/b.thrift": ""])
    #expect(all.arguments.count == 7)
    #expect(all.arguments[0...3] == ["--access", "internal", "--optional-defaults", "-I"])
    #expect(all.arguments[4].hasSuffix("/Shared") && all.arguments[6].hasSuffix("/IDL/more"), "\(all.arguments)")
  }

  @Test("the guide shows one that means something, with every key")
  func guide() throws {
    let guide = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Documentation/Compiler.md")
    let parts = try String(contentsOf: guide, encoding: .utf8).components(separatedBy: "```json\n")
    #expect(parts.count == 2)
    let json = try #require(parts.last?.components(separatedBy: "```").first)
    let run = try ToolRun(["Sources/App/seathrift.json": json, "Shared/IDL/a.thrift": ""])
    let options = try PluginOptions(contentsOf: run.folder.appending(path: "Sources/App/seathrift.json"))
    #expect(options.access == "internal" && options.optionalDefaults)
    #expect(options.includePaths.map(\.lastPathComponent) == ["IDL"])
  }

  // The log of the tests could not show a zero byte, which ~ stands for.
  @Test(
    "what it cannot mean is an error that names the file and the key",
    arguments: [
      (#"{"acess": "public"}"#, #"unknown key "acess"; there are "access", "includePaths", "optionalDefaults""#),
      (#"{"access": "open"}"#, #""access" must be "public", "package" or "internal""#),
      (#"{"access": 1}"#, #""access" must be "public", "package" or "internal""#),
      (#"{"access": null}"#, #""access" must be "public", "package" or "internal""#),
      (#"{"optionalDefaults": 1}"#, #""optionalDefaults" must be true or false"#),
      (#"{"optionalDefaults": "true"}"#, #""optionalDefaults" must be true or false"#),
      (#"{"includePaths": "x"}"#, #""includePaths" must be a list of folders, such as ["../Shared"]"#),
      (#"{"includePaths": [1]}"#, #""includePaths" must be a list of folders, such as ["../Shared"]"#),
      (#"{"includePaths": [""]}"#, #""includePaths" names "", and there is no folder "#),
      (#"{"includePaths": ["gone"]}"#, #""includePaths" names "gone", and there is no folder "#),
      (#"{"includePaths": ["seathrift.json"]}"#, #""includePaths" names "seathrift.json", and there is no folder "#),
      ("[]", #"an object should be here, such as {"access": "internal"}"#),
      ("7", #"an object should be here, such as {"access": "internal"}"#),
      ("", "not JSON: "), (#"{"access" "public"}"#, "not JSON: "), ("~", "not JSON: "),
    ])
  func wrong(json: String, message: String) throws {
    let error = #expect(throws: PluginOptionsError.self) { try options(json.replacing("~", with: "\0")) }
    #expect(error?.description.contains("/IDL/seathrift.json: \(message)") == true, "\(String(describing: error))")
  }

  @Test("one that is not there, or is a folder, is an error")
  func unreadable() throws {
    let run = try ToolRun(["seathrift.json/x": ""])
    for name in ["none.json", "seathrift.json"] {
      let error = #expect(throws: PluginOptionsError.self) {
        try PluginOptions(contentsOf: run.folder.appending(path: name))
      }
      #expect(error?.description.contains("\(name) cannot be read: ") == true, "\(String(describing: error))")
    }
  }
}

@Suite("Included files")
struct IncludeScannerTests {
  @Test("are found beside the including file, then in the include paths in their order, each once")
  func order() throws {
    let run = try ToolRun([
      "app/main.thrift": "include 'a.thrift'\ninclude \"b.thrift\"", "app/a.thrift": "include 'c.thrift'",
      "one/a.thrift": "", "one/b.thrift": "include 'a.thrift'", "two/b.thrift": "", "two/c.thrift": "",
    ])
    let found = IncludeScanner.filesReachable(
      from: [run.folder.appending(path: "app/main.thrift")],
      includeDirectories: [run.folder.appending(path: "one"), run.folder.appending(path: "two")])
    let names = found.map { $0.pathComponents.suffix(2).joined(separator: "/") }
    #expect(names == ["app/a.thrift", "app/main.thrift", "one/a.thrift", "one/b.thrift", "two/c.thrift"])
  }

  @Test("lines in comments and strings are none")
  func trivia() {
    let text = """
      # include 'a'
      // include 'b'
      /* include 'c' */ include /* here */ 'd' cpp_include 'e'
      const string s = "include 'f'"
      """
    #expect(IncludeScanner.includes(in: Array(text.utf8)) == ["d"])
  }
}
