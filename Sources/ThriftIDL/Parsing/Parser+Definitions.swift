extension Parser {
  /// `typedef TYPE NAME (annotations)`.
  mutating func parseTypedef(_ documentation: String?) throws(SyntaxError) {
    advance()
    let type = try parseType()
    let name = try parseDeclaredName("the name of a typedef")
    var definition = ParsedDefinition(name: name, documentation: documentation, kind: .typedef(type))
    try finish(&definition)
    skipSeparator()
  }

  /// `const TYPE NAME = VALUE (annotations)`.
  mutating func parseConstant(_ documentation: String?) throws(SyntaxError) {
    advance()
    let type = try parseType()
    let name = try parseDeclaredName("the name of a const")
    try expect("=", "and the value of '\(name.text.abbreviated)'")
    let value = try parseValue()
    var definition = ParsedDefinition(name: name, documentation: documentation, kind: .constant(type, value))
    try finish(&definition)
    skipSeparator()
  }

  /// `enum NAME { … } (annotations)`.
  mutating func parseEnumeration(_ documentation: String?) throws(SyntaxError) {
    advance()
    let name = try parseDeclaredName("the name of an enum")
    try expect("{", "after the name of the enum")
    var values: [ParsedEnumerationValue] = []
    let isComplete = try parseList(closedBy: "}", of: "the enum '\(name.text.abbreviated)'") {
      (parser: inout Parser) throws(SyntaxError) in
      values.append(try parser.parseEnumerationValue())
    }
    var definition = ParsedDefinition(
      name: name, documentation: documentation, kind: .enumeration(values), isIncomplete: !isComplete)
    try finish(&definition)
  }

  private mutating func parseEnumerationValue() throws(SyntaxError) -> ParsedEnumerationValue {
    let documentation = token.trivia.documentation
    let name = try parseDeclaredName("the name of an enum value")
    var number: (value: Int64, location: SourceLocation)?
    if accept("=") {
      guard case .integer(let value) = token.kind else { throw fail(expected: "an integer") }
      number = (value, location)
      advance()
    }
    let annotations = try parseAnnotations()
    skipSeparator()
    return ParsedEnumerationValue(
      name: name, number: number, documentation: documentation, annotations: annotations)
  }

  /// `struct NAME xsd_all { … } (annotations)`, or a union or exception.
  mutating func parseStructure(_ kind: Structure.Kind, _ documentation: String?) throws(SyntaxError) {
    advance()
    let name = try parseDeclaredName("the name of \(kind.phrase)")
    if kind != .exception, token.isKeyword(.xsdAll) { advance() }
    try expect("{", "after the name of the \(kind.word)")
    let owner = "the \(kind.word) '\(name.text.abbreviated)'"
    let (fields, isComplete) = try parseFields(closedBy: "}", of: owner)
    var definition = ParsedDefinition(
      name: name, documentation: documentation, kind: .structure(kind, fields), isIncomplete: !isComplete)
    try finish(&definition)
  }

  /// Reads a definition's annotations and takes it down, even if those are faulty: others may refer to it.
  mutating func finish(_ definition: inout ParsedDefinition) throws(SyntaxError) {
    do throws(SyntaxError) {
      definition.annotations = try parseAnnotations()
    } catch {
      parsed.definitions.append(definition)
      throw error
    }
    parsed.definitions.append(definition)
  }

  /// Reads elements up to the closing bracket and over it.
  ///
  /// - Returns: whether all of them could be read.
  mutating func parseList(
    closedBy close: Unicode.Scalar, of owner: String,
    element: (inout Parser) throws(SyntaxError) -> Void
  ) throws(SyntaxError) -> Bool {
    var isComplete = true
    while !accept(close) {
      if isListEnd(close) || isAtDefinition { throw fail(expected: "'\(close)' at the end of \(owner)") }
      let start = token.offset
      do throws(SyntaxError) {
        try element(&self)
      } catch {
        isComplete = false
        try recover(inListClosedBy: close, from: start)
      }
    }
    return isComplete
  }
}

extension Structure.Kind {
  /// `struct`, `union` or `exception`.
  var word: String {
    switch self {
    case .struct: "struct"
    case .union: "union"
    case .exception: "exception"
    }
  }

  /// The word with its article.
  var phrase: String { self == .exception ? "an exception" : "a \(word)" }
}
