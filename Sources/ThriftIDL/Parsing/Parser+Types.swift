extension Parser {
  /// A type with its annotations. `void` is one only where a function says what it returns.
  mutating func parseType(allowingVoid: Bool = false, depth: Int = 0) throws(SyntaxError) -> ParsedType {
    let location = location
    guard depth < Parser.maxDepth else {
      diagnostics.error("types nested more than \(Parser.maxDepth) levels deep", at: location)
      throw SyntaxError()
    }
    var cppType: String?
    let shape: ParsedType.Shape
    switch token.kind {
    case .keyword(.void) where allowingVoid:
      advance()
      shape = .void
    case .keyword(.void):
      diagnostics.error("'void' can only be the result of a function", at: location)
      throw SyntaxError()
    case .keyword(.list), .keyword(.set), .keyword(.map):
      shape = try parseContainer(depth: depth, cppType: &cppType)
    case .keyword(let keyword):
      guard let base = keyword.baseType else { throw fail(expected: "a type") }
      advance()
      shape = .base(base)
    case .identifier(let name):
      advance()
      shape = .named(name)
    default:
      throw fail(expected: "a type")
    }
    // After `void` a parenthesis can only be a mistake, which what follows explains better.
    let annotations = if case .void = shape { [Annotation]() } else { try parseAnnotations() }
    return ParsedType(shape: shape, cppType: cppType, annotations: annotations, location: location)
  }

  /// `list<T>`, `set<T>` or `map<K, V>`, with `cpp_type "x"` before the `<`, and after a list, where it once stood.
  private mutating func parseContainer(depth: Int, cppType: inout String?) throws(SyntaxError) -> ParsedType.Shape {
    let keyword = token.kind
    advance()
    cppType = try parseCPPType()
    try expect("<", "and the type of the elements")
    let first = try parseType(depth: depth + 1)
    var second: ParsedType?
    if keyword == .keyword(.map) {
      try expect(",", "and the type of the map's values")
      second = try parseType(depth: depth + 1)
    }
    try expect(">", "after the type of the elements")
    if let second { return .map(key: first, value: second) }
    guard keyword == .keyword(.list) else { return .set(first) }
    if let old = try parseCPPType() { cppType = old }
    return .list(first)
  }

  private mutating func parseCPPType() throws(SyntaxError) -> String? {
    accept(.cppType) ? try parseText("the name of a C++ type in quotes") : nil
  }

  /// The value of a const or a default.
  mutating func parseValue(depth: Int = 0) throws(SyntaxError) -> ParsedValue {
    let location = location
    guard depth < Parser.maxDepth else {
      diagnostics.error("values nested more than \(Parser.maxDepth) levels deep", at: location)
      throw SyntaxError()
    }
    let kind: ParsedValue.Kind
    switch token.kind {
    case .integer(let value): kind = .integer(value)
    case .double(let value): kind = .double(value)
    case .literal(let bytes): kind = .literal(bytes)
    case .identifier(let name): kind = .identifier(name)
    case .symbol("["): return ParsedValue(kind: .list(try parseListValue(depth: depth)), location: location)
    case .symbol("{"): return ParsedValue(kind: .map(try parseMapValue(depth: depth)), location: location)
    default: throw fail(expected: "a value")
    }
    advance()
    return ParsedValue(kind: kind, location: location)
  }

  private mutating func parseListValue(depth: Int) throws(SyntaxError) -> [ParsedValue] {
    var elements: [ParsedValue] = []
    advance()
    while !accept("]") {
      if isListEnd("]") { throw fail(expected: "']' at the end of the list") }
      elements.append(try parseValue(depth: depth + 1))
      skipSeparator()
    }
    return elements
  }

  private mutating func parseMapValue(depth: Int) throws(SyntaxError) -> [(key: ParsedValue, value: ParsedValue)] {
    var entries: [(key: ParsedValue, value: ParsedValue)] = []
    advance()
    while !accept("}") {
      if token.kind == .endOfFile || isAtDefinition { throw fail(expected: "'}' at the end of the map") }
      let key = try parseValue(depth: depth + 1)
      try expect(":", "after the key")
      entries.append((key, try parseValue(depth: depth + 1)))
      skipSeparator()
    }
    return entries
  }
}
