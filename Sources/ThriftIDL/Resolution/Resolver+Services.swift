extension Resolver {
  /// Resolves all services. Parents come first, because a service can only extend one that is known already.
  func resolveServices() {
    for id in ids {
      let draft = drafts[id.index]
      guard case .service(let parent, let functions) = draft.parsed.kind else { continue }
      let parentID = parent.flatMap { resolve(parent: $0, of: id) }
      drafts[id.index].service = Service(
        parent: parentID, functions: functions.compactMap { resolve($0, in: draft.document) })
    }
    checkFunctionNames()
  }

  private func resolve(parent: ParsedName, of id: DefinitionID) -> DefinitionID? {
    let document = drafts[id.index].document
    switch lookUpType(parent.text, in: document, what: "service") {
    case .found(let found):
      let draft = drafts[found.index]
      let shown = parent.text.abbreviated
      guard case .service = draft.parsed.kind else {
        error("'\(shown)' is \(draft.parsed.kind.phrase), not a service", at: parent.location)
        return nil
      }
      guard draft.document != document || found.index < id.index else {
        error("service '\(shown)' must be defined before it is extended", at: parent.location)
        return nil
      }
      return found
    case .missing(let message):
      error(message, at: parent.location)
    case .unknowable:
      break
    }
    return nil
  }

  /// A function name may not be used twice, not even by a service and one of its ancestors.
  private func checkFunctionNames() {
    var owners: [String: Set<DefinitionID>] = [:]
    for id in ids {
      for function in functions(of: id) {
        if !owners[function.name.text, default: []].insert(id).inserted { report(function, in: id) }
      }
    }
    for id in ids {
      // Most names occur once, and chains of services may be long: look at those that occur again.
      let shared = functions(of: id).filter { owners[$0.name.text, default: []].count > 1 }
      var ancestor = shared.isEmpty ? nil : drafts[id.index].service?.parent
      while let current = ancestor {
        for function in shared where owners[function.name.text, default: []].contains(current) {
          report(function, in: current)
        }
        ancestor = drafts[current.index].service?.parent
      }
    }
  }

  private func functions(of id: DefinitionID) -> [ParsedFunction] {
    if case .service(_, let functions) = drafts[id.index].parsed.kind { functions } else { [] }
  }

  private func report(_ function: ParsedFunction, in service: DefinitionID) {
    let service = drafts[service.index].parsed.name.text.abbreviated
    error("service '\(service)' already has a function '\(function.name.text.abbreviated)'", at: function.name.location)
  }

  private func resolve(_ parsed: ParsedFunction, in document: DocumentID) -> Function? {
    let returnType = resolve(parsed.returnType, in: document)
    let arguments = finishedFields(parsed.arguments, of: .arguments, in: document)
    let exceptions = finishedFields(parsed.exceptions, of: .exceptions, in: document)
    for exception in exceptions { checkIsException(exception) }
    if parsed.isOneway { checkOneway(parsed) }
    checkAnnotations(of: parsed)
    guard let returnType else { return nil }
    return Function(
      name: parsed.name.text, isOneway: parsed.isOneway, returnType: returnType, arguments: arguments,
      exceptions: exceptions, documentation: parsed.documentation, annotations: parsed.annotations,
      location: parsed.name.location)
  }

  private func finishedFields(_ parsed: [ParsedField], of owner: FieldOwner, in document: DocumentID) -> [Field] {
    resolve(parsed, of: owner, in: document).compactMap { draft in
      var draft = draft
      draft.defaultValue = defaultValue(of: draft, in: document)
      return draft.field
    }
  }

  private func checkIsException(_ field: Field) {
    guard let shape = typedefTarget(field.type)?.shape else { return }
    if case .structure(let id) = shape, case .structure(.exception, _) = drafts[id.index].parsed.kind { return }
    error("'\(name(of: field.type).abbreviated)' is not an exception and cannot be thrown", at: field.type.location)
  }

  /// Nobody waits for the end of a oneway function, so it has nothing to tell.
  private func checkOneway(_ function: ParsedFunction) {
    let name = function.name.text.abbreviated
    if case .void = function.returnType.shape {
    } else {
      error("oneway function '\(name)' must return void", at: function.returnType.location)
    }
    if let exception = function.exceptions.first {
      error("oneway function '\(name)' cannot throw", at: exception.type.location)
    }
  }
}
