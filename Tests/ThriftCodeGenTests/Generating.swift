import Testing
import ThriftCodeGen
import ThriftIDL

/// The Swift files that come of `test.thrift` and of what it includes, by name.
func generateFiles(
  _ text: String, with files: [String: String] = [:], access: AccessLevel = .public, optionalDefaults: Bool = false,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws -> [String: String] {
  var files = files
  files["test.thrift"] = text
  let result = FrontEnd(loader: InMemorySources(files)).compile(["test.thrift"])
  let program = try #require(result.program, "\(result.diagnostics)", sourceLocation: sourceLocation)
  let generated = CodeGenerator(access: access, optionalDefaults: optionalDefaults).generate(program)
  return Dictionary(uniqueKeysWithValues: generated.map { ($0.name, $0.contents) })
}

/// The Swift that comes of `test.thrift`, from behind the import on.
func generate(
  _ text: String, with files: [String: String] = [:], access: AccessLevel = .public, optionalDefaults: Bool = false,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws -> String {
  let generated = try generateFiles(
    text, with: files, access: access, optionalDefaults: optionalDefaults, sourceLocation: sourceLocation)
  let file = try #require(generated["test.swift"], sourceLocation: sourceLocation)
  let start = try #require(file.firstRange(of: "import SeaThrift\n\n"), sourceLocation: sourceLocation)
  return String(file[start.upperBound...])
}

/// The lines of a text that contain another text, without indentation.
func lines(of text: String, with part: String) -> [String] {
  text.split(separator: "\n").filter { $0.contains(part) }.map { line in
    String(line.drop { $0 == " " })
  }
}
