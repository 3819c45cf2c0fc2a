import Foundation
import Testing

/// The folder of the package.
private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// A fenced block of a document.
struct Block: CustomTestStringConvertible {
  let document: String
  let line: Int
  let language: String
  let text: String
  /// The path that the line before it names, for a file of a package that `.ci/paste` builds and runs.
  let file: String?

  var testDescription: String { "\(document):\(line)" }

  /// Every block of the README, the guides and the decisions.
  static let all: [Self] = {
    let folder = root.appending(path: "Documentation")
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    let guides = names.filter { $0.hasSuffix(".md") }.sorted().map { "Documentation/\($0)" }
    return (["README.md", "CONTRIBUTING.md"] + guides).flatMap(blocks)
  }()

  private static func blocks(of document: String) -> [Self] {
    guard let text = try? String(contentsOf: root.appending(path: document), encoding: .utf8) else { return [] }
    var blocks: [Self] = []
    var open: (line: Int, language: String, lines: [Substring])?
    var file: String?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard line.hasPrefix("```") else {
        open?.lines.append(line)
        if open == nil, let path = line.prefixMatch(of: /`(Package\.swift|Sources\/[A-Za-z\/]+\.(?:swift|thrift))`/) {
          file = String(path.1)
        }
        continue
      }
      if let block = open {
        blocks.append(
          Self(
            document: document, line: block.line, language: block.language,
            text: block.lines.joined(separator: "\n"), file: file))
        (open, file) = (nil, nil)
      } else {
        open = (index + 2, String(line.dropFirst(3)), [])
      }
    }
    return blocks
  }
}

@Suite("The documents")
struct DocumentationTests {
  /// What is compiled with these tests: the snippets' Swift and IDL.
  private static let compiled: [String: String] = {
    let folder = root.appending(path: "Tests/DocumentationTests")
    var texts = ["swift": "", "thrift": ""]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] {
      let language = URL(filePath: name).pathExtension
      guard name != "DocumentationTests.swift", texts[language] != nil else { continue }
      texts[language]? += "\n" + ((try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? "")
    }
    return texts
  }()

  @Test("are found")
  func found() {
    #expect(Block.all.filter { $0.language == "swift" }.count >= 10)
    #expect(Set(Block.all.map(\.document)).count >= 5)
  }

  @Test("show only Swift and IDL that these tests compile", arguments: Block.all)
  func blockIsCompiled(_ block: Block) {
    switch block.language {
    case "swift" where block.file != nil, "thrift" where block.file != nil:
      #expect(block.document.hasSuffix("FirstService.md"), ".ci/paste does not read this page")
    case "swift", "thrift":
      // An import stands at the top of a snippet's file, so in a document it may be shown with anything.
      let text = block.text.split(separator: "\n", omittingEmptySubsequences: false)
        .drop { $0.hasPrefix("import ") || $0.isEmpty }.joined(separator: "\n")
      let compiled = Self.compiled[block.language] ?? ""
      #expect(compiled.contains(text), "no file in Tests/DocumentationTests contains this block")
    case "sh", "text", "json": break
    default: Issue.record("a block of a language that nobody checks: \"\(block.language)\"")
    }
  }

  @Test("link to files that exist")
  func links() throws {
    for document in Set(Block.all.map(\.document)).union(["Documentation/Decisions/README.md"]).sorted() {
      let file = root.appending(path: document)
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /\]\(([^)#:]+)\)/) {
        let target = file.deletingLastPathComponent().appending(path: String(match.1)).standardized
        #expect(FileManager.default.fileExists(atPath: target.path), "\(document) links to \(match.1)")
      }
    }
  }
}
