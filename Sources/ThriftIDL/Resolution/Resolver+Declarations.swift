extension Resolver {
  /// Enters all definitions into the scopes of their files.
  func declare() {
    for document in documents {
      var scope = Scope(isIncomplete: document.isIncomplete)
      var ids: [DefinitionID] = []
      for parsed in document.parsed.definitions {
        let id = DefinitionID(drafts.count)
        drafts.append(Draft(parsed: parsed, document: document.id))
        ids.append(id)
        declare(parsed, id, in: &scope)
      }
      for include in document.includes {
        let name = documents[include.document.index].name
        if scope.included[name, default: []].contains(include.document) { continue }
        scope.included[name, default: []].append(include.document)
      }
      scopes.append(scope)
      definitionIDs.append(ids)
    }
  }

  private func declare(_ parsed: ParsedDefinition, _ id: DefinitionID, in scope: inout Scope) {
    let name = parsed.name.text
    let names: WritableKeyPath<Scope, [String: DefinitionID]>
    if case .constant = parsed.kind { names = \.constants } else { names = \.types }
    if let other = scope[keyPath: names][name] {
      let first = drafts[other.index].parsed
      let line = line(of: first.name.location)
      error(
        "'\(name.abbreviated)' is already defined as \(first.kind.phrase) on line \(line)", at: parsed.name.location)
    } else {
      scope[keyPath: names][name] = id
    }
  }

  func line(of location: SourceLocation) -> Int {
    documents[location.document.index].source.position(at: location.offset).line
  }

  /// A type or service may be called like one of a file that is included, unless the namespaces are the same too, in
  /// all languages that have any: then the two could not be told apart.
  func checkNamesInIncludedFiles() {
    for document in documents {
      for include in document.includes {
        let other = documents[include.document.index]
        guard document.sharesNamespaces(with: other), other.sharesNamespaces(with: document) else { continue }
        for id in definitionIDs[document.id.index] {
          let name = drafts[id.index].parsed.name
          if case .constant = drafts[id.index].parsed.kind { continue }
          guard let otherID = scopes[other.id.index].types[name.text] else { continue }
          error(
            "'\(name.text.abbreviated)' is also defined in the included '\(other.source.path)', on line "
              + "\(line(of: drafts[otherID.index].parsed.name.location)), and the two files have the same namespaces",
            at: name.location)
        }
      }
    }
  }
}

extension LoadedDocument {
  /// Whether each namespace of this file is that of the other one in the same language.
  fileprivate func sharesNamespaces(with other: LoadedDocument) -> Bool {
    var names: [String: String] = [:]
    for namespace in parsed.namespaces { names[namespace.language] = namespace.name }
    var otherNames: [String: String] = [:]
    for namespace in other.parsed.namespaces { otherNames[namespace.language] = namespace.name }
    return names.allSatisfy { language, name in (otherNames[language] ?? otherNames["*"] ?? "") == name }
  }
}
