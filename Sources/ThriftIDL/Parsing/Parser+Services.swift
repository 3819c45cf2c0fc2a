extension Parser {
  /// `service NAME extends PARENT { … } (annotations)`.
  mutating func parseService(_ documentation: String?) throws(SyntaxError) {
    advance()
    let name = try parseDeclaredName("the name of a service")
    var parent: ParsedName?
    if accept(.extends) {
      let location = location
      parent = ParsedName(text: try parseWord("the name of the service that is extended"), location: location)
    }
    try expect("{", "after the name of the service")
    var functions: [ParsedFunction] = []
    let isComplete = try parseList(closedBy: "}", of: "the service '\(name.text.abbreviated)'") {
      (parser: inout Parser) throws(SyntaxError) in
      functions.append(try parser.parseFunction())
    }
    var definition = ParsedDefinition(
      name: name, documentation: documentation, kind: .service(parent: parent, functions),
      isIncomplete: !isComplete)
    try finish(&definition)
  }

  /// `oneway TYPE NAME(ARGUMENTS) throws (EXCEPTIONS) (annotations)`.
  private mutating func parseFunction() throws(SyntaxError) -> ParsedFunction {
    let documentation = token.trivia.documentation
    let isOneway = parseOneway()
    let returnType = try parseType(allowingVoid: true)
    let name = try parseDeclaredName("the name of a function")
    let text = name.text.abbreviated
    try expect("(", "and the arguments of '\(text)'")
    let (arguments, _) = try parseFields(closedBy: ")", of: "the arguments of '\(text)'")
    var exceptions: [ParsedField] = []
    if accept(.throws) {
      try expect("(", "after 'throws'")
      (exceptions, _) = try parseFields(closedBy: ")", of: "the exceptions of '\(text)'")
    }
    let annotations = try parseAnnotations()
    skipSeparator()
    return ParsedFunction(
      isOneway: isOneway, returnType: returnType, name: name, arguments: arguments, exceptions: exceptions,
      documentation: documentation, annotations: annotations)
  }

  private mutating func parseOneway() -> Bool {
    if accept(.oneway) { return true }
    guard token.isKeyword(.async) else { return false }
    diagnostics.warning("'async' is the old spelling of 'oneway'", at: location)
    advance()
    return true
  }
}
