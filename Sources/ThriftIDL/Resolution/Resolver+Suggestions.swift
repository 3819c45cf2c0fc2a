import SeaThriftTime

// What the user may have meant by a name that is not there.
extension Resolver {
  /// `; did you mean 'User'?`, or nothing.
  ///
  /// - Parameter wantsService: whether a service is looked for rather than a type.
  func hint(forType name: String, in document: DocumentID, wantsService: Bool) -> String {
    let others = wantsService ? [:] : Self.typesElsewhere
    let declared = hint(for: name) {
      var candidates: [NameSuggester.Candidate] = []
      for (prefix, scope) in visibleScopes(from: document) {
        for (type, id) in scope.types where isService(id) == wantsService {
          add(type, prefix, for: name, to: &candidates)
        }
      }
      return wantsService ? candidates : candidates + BaseType.allCases.map { .init($0.rawValue) }
    }
    return declared.isEmpty ? others[name.lowercased()].map(Self.hint) ?? "" : declared
  }

  /// The same for a const or the value of some enum.
  func hint(forValue name: String, in document: DocumentID) -> String {
    hint(for: name) {
      var candidates: [NameSuggester.Candidate] = []
      for (prefix, scope) in visibleScopes(from: document) {
        for constant in scope.constants.keys { add(constant, prefix, for: name, to: &candidates) }
        for (type, id) in scope.types {
          for value in drafts[id.index].values { add("\(type).\(value.name)", prefix, for: name, to: &candidates) }
        }
      }
      return candidates
    }
  }

  /// The same for a value of one enum, of which the name's last part alone is looked at.
  func hint(forValue name: String, of enumeration: DefinitionID, in document: DocumentID) -> String {
    hint(for: name.splitAtLastDot?.name ?? name) {
      let type = qualifiedName(of: enumeration, in: document)
      return drafts[enumeration.index].values.map { .init("\(type).\($0.name)", key: $0.name) }
    }
  }

  /// The same for a field of a struct.
  func hint(forField name: String, of structure: DefinitionID) -> String {
    hint(for: name) { drafts[structure.index].fieldIndices.keys.map { .init($0) } }
  }

  /// A definition as it is written in a file: with the prefix of the file that it is in, if that is included.
  func qualifiedName(of id: DefinitionID, in document: DocumentID) -> String {
    let draft = drafts[id.index]
    let name = draft.parsed.name.text
    let isIncluded = documents[document.index].includes.contains { $0.document == draft.document }
    return draft.document != document && isIncluded ? "\(documents[draft.document.index].name).\(name)" : name
  }

  // MARK: Candidates

  /// Types of other languages that are in this one by another name.
  private static let typesElsewhere: [String: String] = [
    "int": "i32", "integer": "i32", "int8": "i8", "int16": "i16", "int32": "i32", "int64": "i64", "short": "i16",
    "long": "i64", "uint8": "i16", "uint16": "i32", "uint32": "i64", "uint64": "i64", "float": "double",
    "float32": "double", "float64": "double", "boolean": "bool", "str": "string", "text": "string", "bytes": "binary",
    "guid": "uuid", "list": "list<…>", "array": "list<…>", "vector": "list<…>", "set": "set<…>", "map": "map<…, …>",
    "dict": "map<…, …>", "dictionary": "map<…, …>",
  ]

  /// The file itself and what it includes, with the prefixes under which the names there are known.
  private func visibleScopes(from document: DocumentID) -> [(prefix: String, scope: Scope)] {
    let scope = scopes[document.index]
    return [("", scope)]
      + scope.included.flatMap { name, documents in documents.map { (name + ".", scopes[$0.index]) } }
  }

  private func isService(_ id: DefinitionID) -> Bool {
    if case .service = drafts[id.index].parsed.kind { true } else { false }
  }

  /// With the prefix, which may be misspelled; without it, as it may be missing; and by its last part alone, when the
  /// prefix is another one.
  private func add(
    _ name: String, _ prefix: String, for written: String, to candidates: inout [NameSuggester.Candidate]
  ) {
    candidates.append(.init(prefix + name))
    if !prefix.isEmpty { candidates.append(.init(prefix + name, key: name)) }
    if written.hasSuffix(".\(name)") { candidates.append(.init(prefix + name, key: written)) }
  }

  private func hint(for name: String, among candidates: () -> [NameSuggester.Candidate]) -> String {
    suggester.suggestion(for: name, among: candidates).map(Self.hint) ?? ""
  }

  private static func hint(_ text: String) -> String { "; did you mean '\(text)'?" }
}
