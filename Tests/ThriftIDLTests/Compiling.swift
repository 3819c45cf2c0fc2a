import Testing
import ThriftIDL

/// Compiles `test.thrift`, which may include the other files.
func compile(_ text: String, with files: [String: String] = [:], includeDirectories: [String] = []) -> Compilation {
  var files = files
  files["test.thrift"] = text
  return FrontEnd(loader: InMemorySources(files), includeDirectories: includeDirectories).compile(["test.thrift"])
}

/// The program in a file that must have no error.
func program(
  _ text: String, with files: [String: String] = [:], sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws -> Program {
  let result = compile(text, with: files)
  return try #require(result.program, "\(result.diagnostics)", sourceLocation: sourceLocation)
}

/// The errors in a file as `line:column: message`; those in other files with their path before that.
func errors(_ text: String, with files: [String: String] = [:]) -> [String] {
  messages(.error, in: compile(text, with: files))
}

/// A text in which `|` stands for the end of a line: a test's arguments stand on one line of the log.
func lines(_ text: String) -> String { text.replacing("|", with: "\n") }

/// The warnings about a file, written like errors.
func warnings(_ text: String, with files: [String: String] = [:]) -> [String] {
  messages(.warning, in: compile(text, with: files))
}

func messages(_ severity: Diagnostic.Severity, in result: Compilation) -> [String] {
  result.diagnostics.filter { $0.severity == severity }.map { diagnostic in
    let path = diagnostic.path == "test.thrift" ? "" : diagnostic.path + ":"
    let position = diagnostic.position.map { "\($0.line):\($0.column): " } ?? ""
    return path + position + diagnostic.message
  }
}

extension Program {
  /// The definition of a name in `test.thrift`.
  func definition(_ name: String) throws -> Definition {
    try #require(documents[0].definitions.map { self[$0] }.first { $0.name == name })
  }

  /// The fields of a struct, union or exception in `test.thrift`.
  func fields(of name: String) throws -> [Field] {
    try #require(try definition(name).structure).fields
  }

  /// A type as it would be written, typedefs by their name.
  func text(_ type: TypeUse) -> String {
    switch type.shape {
    case .void: "void"
    case .base(let base): base.rawValue
    case .list(let element): "list<\(text(element))>"
    case .set(let element): "set<\(text(element))>"
    case .map(let key, let value): "map<\(text(key)), \(text(value))>"
    case .typedef(let id), .enumeration(let id), .structure(let id): self[id].name
    }
  }

  /// A value in a compact notation: `E.A`, `[1, 2]`, `S{x: 1}`, and `A→5` for a reference to the const A.
  func text(_ value: ConstantValue) -> String {
    switch value.kind {
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .double(let value): "\(value)"
    case .string(let text): "'\(text)'"
    case .binary(let bytes): "bytes \(bytes)"
    case .uuid(let bytes): "uuid \(bytes)"
    case .enumerationValue(let id, let index): "\(self[id].name).\(self[id].enumeration?.values[index].name ?? "?")"
    case .list(let elements): "[" + elements.map(text).joined(separator: ", ") + "]"
    case .set(let elements): "(" + elements.map(text).joined(separator: ", ") + ")"
    case .map(let entries): "{" + entries.map { text($0.key) + ": " + text($0.value) }.joined(separator: ", ") + "}"
    case .structure(let id, let fields):
      self[id].name + "{"
        + fields.map { (self[id].structure?.fields[$0.field].name ?? "?") + ": " + text($0.value) }
        .joined(separator: ", ") + "}"
    case .reference(let id, let value): self[id].name + "→" + text(value)
    }
  }

  /// The value of a const in `test.thrift`, in that notation.
  func text(ofConstant name: String) throws -> String {
    let constants = documents[0].definitions.map { self[$0] }.filter { $0.name == name }.compactMap(\.constant)
    return text(try #require(constants.first).value)
  }
}

/// The value of the const `C` in a file, in compact notation.
func valueOfC(
  _ text: String, with files: [String: String] = [:], sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws -> String {
  try program(text, with: files, sourceLocation: sourceLocation).text(ofConstant: "C")
}
