extension Parser {
  /// Reads header lines and definitions up to the end of the file.
  mutating func parseDocument() {
    setDocumentation()
    while token.kind != .endOfFile, !diagnostics.isFull(document) {
      let start = token.offset
      do throws(SyntaxError) {
        try parseItem()
      } catch {
        if token.offset == start { advance() }
        while token.kind != .endOfFile, !isAtDefinition { advance() }
      }
    }
  }

  /// The file's documentation is a comment that cannot belong to a definition: it stands before a header line, or
  /// before another comment.
  private mutating func setDocumentation() {
    let comments = token.trivia
    switch token.kind {
    case .keyword(.include), .keyword(.cppInclude), .keyword(.namespace), .endOfFile:
      parsed.documentation = comments.precedingDocumentation ?? comments.documentation
    default:
      parsed.documentation = comments.precedingDocumentation
    }
  }

  private mutating func parseItem() throws(SyntaxError) {
    let documentation = token.trivia.documentation
    switch token.kind {
    case .keyword(.include), .keyword(.cppInclude), .keyword(.namespace): try parseHeader()
    case .keyword(.typedef): try parseTypedef(documentation)
    case .keyword(.const): try parseConstant(documentation)
    case .keyword(.enum): try parseEnumeration(documentation)
    case .keyword(.struct): try parseStructure(.struct, documentation)
    case .keyword(.union): try parseStructure(.union, documentation)
    case .keyword(.exception): try parseStructure(.exception, documentation)
    case .keyword(.service): try parseService(documentation)
    case .identifier(let name):
      guard let explanation = Parser.retired[name] else { throw fail(expected: "a definition") }
      diagnostics.error("'\(name)' is no longer part of the language; \(explanation)", at: location)
      throw SyntaxError()
    default: throw fail(expected: "a definition")
    }
  }

  /// Words that once began a header line or a definition, and what to write instead.
  private static let retired: [String: String] = [
    "senum": "write an enum, or a typedef of string",
    "cpp_namespace": "write 'namespace cpp'",
    "java_package": "write 'namespace java'",
    "csharp_namespace": "write 'namespace csharp'",
    "delphi_namespace": "write 'namespace delphi'",
    "php_namespace": "write 'namespace php'",
    "py_module": "write 'namespace py'",
    "perl_package": "write 'namespace perl'",
    "ruby_namespace": "write 'namespace rb'",
    "smalltalk_category": "write 'namespace st'",
    "smalltalk_prefix": "write 'namespace st'",
    "cocoa_prefix": "write 'namespace cocoa'",
    "xsd_namespace": "write 'namespace xsd'",
  ]

  /// `include "path"`, `cpp_include "path"` or `namespace language name (annotations)`.
  private mutating func parseHeader() throws(SyntaxError) {
    let start = location
    guard case .keyword(let keyword) = token.kind else { return }
    if !parsed.definitions.isEmpty {
      diagnostics.error("'\(keyword.rawValue)' must stand before all definitions", at: start)
    }
    advance()
    switch keyword {
    case .include:
      parsed.includes.append(ParsedInclude(path: try parseText("the path of a file in quotes"), location: start))
    case .cppInclude:
      parsed.cppIncludes.append(try parseText("the name of a C++ header in quotes"))
    default:
      try parseNamespace(from: start)
    }
  }

  private mutating func parseNamespace(from start: SourceLocation) throws(SyntaxError) {
    let language = accept("*") ? "*" : try parseWord("a language or '*'")
    let name = try parseWord("the name of the namespace")
    let annotations = try parseAnnotations()
    parsed.namespaces.append(Namespace(language: language, name: name, annotations: annotations, location: start))
  }

  // MARK: Words

  /// A name that may have dots.
  mutating func parseWord(_ what: String) throws(SyntaxError) -> String {
    guard case .identifier(let name) = token.kind else { throw fail(expected: what) }
    advance()
    return name
  }

  /// The name of something that is declared, which has no dots.
  mutating func parseDeclaredName(_ what: String) throws(SyntaxError) -> ParsedName {
    let location = location
    if case .keyword(let keyword) = token.kind {
      diagnostics.error("'\(keyword.rawValue)' is a word of the language and cannot be \(what)", at: location)
      throw SyntaxError()
    }
    let name = try parseWord(what)
    if name.utf8.contains(UInt8(ascii: ".")) {
      diagnostics.error("'\(name.abbreviated)' has a dot and cannot be \(what)", at: location)
    }
    return ParsedName(text: name, location: location)
  }

  /// A string that must be UTF-8.
  mutating func parseText(_ what: String) throws(SyntaxError) -> String {
    guard case .literal(let bytes) = token.kind else { throw fail(expected: what) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      diagnostics.error("the string is not UTF-8", at: location)
      throw SyntaxError()
    }
    advance()
    return text
  }

  /// `(key = "value", key, …)`, or nothing.
  mutating func parseAnnotations() throws(SyntaxError) -> [Annotation] {
    var annotations: [Annotation] = []
    guard accept("(") else { return annotations }
    while !accept(")") {
      let location = location
      let key: String
      if case .keyword(let keyword) = token.kind {
        key = keyword.rawValue
        advance()
      } else {
        key = try parseWord("an annotation or ')'")
      }
      let value = accept("=") ? try parseText("the annotation's value in quotes") : "1"
      annotations.append(Annotation(key: key, value: value, location: location))
      skipSeparator()
    }
    return annotations
  }
}
