extension Resolver {
  /// What a type or service name means in a file.
  ///
  /// - Parameter what: "type" or "service", for the message.
  func lookUpType(_ name: String, in document: DocumentID, what: String) -> Lookup<DefinitionID> {
    let scope = scopes[document.index]
    let shown = name.abbreviated
    func hint() -> String { self.hint(forType: name, in: document, wantsService: what == "service") }
    guard let (prefix, last) = name.splitAtLastDot else {
      if let id = scope.types[name] { return .found(id) }
      if name == "slist" { return .missing("'slist' is no longer part of the language; write 'string'") }
      return scope.isIncomplete ? .unknowable : .missing("unknown \(what) '\(shown)'" + hint())
    }
    guard let included = scope.included[prefix] else {
      return scope.isIncomplete
        ? .unknowable
        : .missing("unknown \(what) '\(shown)': no file '\(prefix.abbreviated).thrift' is included" + hint())
    }
    for document in included.reversed() {
      if let id = scopes[document.index].types[last] { return .found(id) }
    }
    let isHidden = included.contains { scopes[$0.index].isIncomplete }
    return isHidden ? .unknowable : .missing("unknown \(what) '\(shown)'" + hint())
  }

  /// What a name in a value means in a file: a const, `Enum.VALUE`, and the same in an included file.
  func lookUpValue(_ name: String, in document: DocumentID) -> Lookup<NamedValue> {
    let scope = scopes[document.index]
    let missing = "unknown const or enum value '\(name.abbreviated)'"
    guard let (prefix, last) = name.splitAtLastDot else {
      if let id = scope.constants[name] { return .found(.constant(id)) }
      return scope.isIncomplete ? .unknowable : .missing(missing)
    }
    if let id = scope.types[prefix], let found = lookUp(last, inEnumeration: id) { return found }
    var isHidden = scope.isIncomplete
    for document in (scope.included[prefix] ?? []).reversed() {
      if let id = scopes[document.index].constants[last] { return .found(.constant(id)) }
      isHidden = isHidden || scopes[document.index].isIncomplete
    }
    if let (file, type) = prefix.splitAtLastDot {
      for document in (scope.included[file] ?? []).reversed() {
        let scope = scopes[document.index]
        if let id = scope.types[type], let found = lookUp(last, inEnumeration: id) { return found }
        isHidden = isHidden || scope.isIncomplete
      }
    }
    return isHidden ? .unknowable : .missing(missing)
  }

  /// A value of an enum, or of an enum behind typedefs; `nil` if the type is something else.
  private func lookUp(_ name: String, inEnumeration id: DefinitionID) -> Lookup<NamedValue>? {
    var id = id
    if case .typedef = drafts[id.index].parsed.kind {
      guard let type = drafts[id.index].type, let target = typedefTarget(type) else { return .unknowable }
      guard case .enumeration(let aliased) = target.shape else { return nil }
      id = aliased
    }
    let draft = drafts[id.index]
    guard case .enumeration = draft.parsed.kind else { return nil }
    if let index = draft.valueIndices[name] {
      return .found(.enumerationValue(enumeration: id, index: index))
    }
    if draft.parsed.isIncomplete { return .unknowable }
    return .missing("enum '\(draft.parsed.name.text.abbreviated)' has no value '\(name.abbreviated)'")
  }
}
