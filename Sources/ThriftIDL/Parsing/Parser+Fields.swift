extension Parser {
  /// Fields up to the closing bracket and over it, and whether all of them could be read.
  mutating func parseFields(
    closedBy close: Unicode.Scalar, of owner: String, depth: Int = 0
  ) throws(SyntaxError) -> ([ParsedField], isComplete: Bool) {
    var fields: [ParsedField] = []
    let isComplete = try parseList(closedBy: close, of: owner) { (parser: inout Parser) throws(SyntaxError) in
      fields.append(try parser.parseField(depth: depth))
    }
    return (fields, isComplete)
  }

  /// `1: optional TYPE & NAME = VALUE xsd_… (annotations)`.
  private mutating func parseField(depth: Int) throws(SyntaxError) -> ParsedField {
    let documentation = token.trivia.documentation
    let id = try parseFieldID()
    let requirednessLocation = location
    let requiredness: Requiredness = accept(.required) ? .required : accept(.optional) ? .optional : .default
    let type = try parseType()
    let isReference = accept("&")
    let name = try parseFieldName()
    let defaultValue = accept("=") ? try parseValue() : nil
    try skipXSD(depth: depth)
    let annotations = try parseAnnotations()
    skipSeparator()
    return ParsedField(
      id: id, requiredness: requiredness, requirednessLocation: requirednessLocation, type: type,
      isReference: isReference, name: name, defaultValue: defaultValue, documentation: documentation,
      annotations: annotations)
  }

  private mutating func parseFieldID() throws(SyntaxError) -> (value: Int64, location: SourceLocation)? {
    guard case .integer(let value) = token.kind else { return nil }
    let location = location
    advance()
    try expect(":", "after the field id")
    return (value, location)
  }

  /// Unlike other names, that of a field may be a word of the language.
  private mutating func parseFieldName() throws(SyntaxError) -> ParsedName {
    if case .keyword(let keyword) = token.kind, keyword.isPossibleFieldName {
      let name = ParsedName(text: keyword.rawValue, location: location)
      advance()
      return name
    }
    return try parseDeclaredName("the name of a field")
  }

  /// What was meant for XML schemas: read and forgotten.
  private mutating func skipXSD(depth: Int) throws(SyntaxError) {
    _ = accept(.xsdOptional)
    _ = accept(.xsdNillable)
    guard accept(.xsdAttrs) else { return }
    guard depth < 8 else {
      diagnostics.error("'xsd_attrs' nested more than 8 levels deep", at: location(previous.offset))
      throw SyntaxError()
    }
    try expect("{", "after 'xsd_attrs'")
    _ = try parseFields(closedBy: "}", of: "'xsd_attrs'", depth: depth + 1)
  }
}
