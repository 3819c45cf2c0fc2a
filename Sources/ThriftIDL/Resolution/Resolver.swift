import SeaThriftTime

/// Finds out what names mean, checks what the grammar cannot, and makes a ``Program`` of parsed files.
///
/// A class because consts are resolved when they are first asked for, from wherever that is; it never leaves one run.
final class Resolver: TypedefTable {
  /// A definition on its way to a ``Definition``: what is known of it so far.
  struct Draft {
    let parsed: ParsedDefinition
    let document: DocumentID
    /// Of a typedef or const.
    var type: TypeUse?
    var values: [EnumerationValue] = []
    /// The indices of the values by name.
    var valueIndices: [String: Int] = [:]
    /// The indices of the values by number, of equal ones the first.
    var valueIndicesByNumber: [Int32: Int] = [:]
    var fields: [FieldDraft] = []
    /// The indices of the fields by name.
    var fieldIndices: [String: Int] = [:]
    var constant = ConstantState.unresolved
    var service: Service?
  }

  let documents: [LoadedDocument]
  let diagnostics: DiagnosticCollector
  var scopes: [Scope] = []
  var drafts: [Draft] = []
  var interner = ConstantInterner()
  var suggester = NameSuggester()

  /// The names of enums, their typedefs' included, as far as they were asked for.
  var enumerationNames: [DefinitionID: Set<String>] = [:]

  /// How many values of consts were written out, as values of other types than the consts have.
  var convertedValues = 0

  /// The definitions of each document, in source order.
  var definitionIDs: [[DefinitionID]] = []

  init(_ documents: [LoadedDocument], diagnostics: DiagnosticCollector) {
    self.documents = documents
    self.diagnostics = diagnostics
  }

  /// Does everything.
  ///
  /// - Returns: the program, or `nil` if there was an error in any file.
  func resolve() -> Program? {
    declare()
    checkNamesInIncludedFiles()
    resolveTypedefs()
    resolveEnumerations()
    resolveStructures()
    resolveConstants()
    resolveDefaultValues()
    resolveServices()
    checkAnnotationsOfExceptions()
    if !diagnostics.hasErrors { checkDefaultRecursion() }
    return diagnostics.hasErrors ? nil : makeProgram()
  }

  func aliasedType(_ id: DefinitionID) -> TypeUse? {
    drafts[id.index].type
  }

  /// All definitions, file by file and in source order.
  var ids: some Sequence<DefinitionID> { drafts.indices.lazy.map(DefinitionID.init) }

  func error(_ message: String, at location: SourceLocation) {
    diagnostics.error(message, at: location)
  }

  // MARK: The result

  private func makeProgram() -> Program {
    let uniqueNames = UniqueNames.names(of: documents.map { ($0.identity, $0.name) })
    return Program(
      documents: documents.map { document in
        Document(
          id: document.id, source: document.source, name: document.name, uniqueName: uniqueNames[document.id.index],
          documentation: document.parsed.documentation, namespaces: document.parsed.namespaces,
          includes: document.includes, cppIncludes: document.parsed.cppIncludes,
          definitions: definitionIDs[document.id.index], isRoot: document.isRoot)
      },
      definitions: ids.compactMap(makeDefinition))
  }

  /// The finished definition. There is always one after a run without errors.
  private func makeDefinition(_ id: DefinitionID) -> Definition? {
    let draft = drafts[id.index]
    let kind: Definition.Kind
    switch draft.parsed.kind {
    case .typedef:
      guard let type = draft.type else { return nil }
      kind = .typedef(Typedef(type: type))
    case .enumeration:
      kind = .enumeration(Enumeration(values: draft.values))
    case .structure(let structure, _):
      kind = .structure(Structure(kind: structure, fields: draft.fields.compactMap(\.field)))
    case .constant:
      guard let type = draft.type, case .resolved(let value) = draft.constant else { return nil }
      kind = .constant(Constant(type: type, value: value.value))
    case .service:
      guard let service = draft.service else { return nil }
      kind = .service(service)
    }
    return Definition(
      id: id, document: draft.document, name: draft.parsed.name.text, location: draft.parsed.name.location,
      documentation: draft.parsed.documentation, annotations: draft.parsed.annotations, kind: kind)
  }
}

extension ParsedDefinition.Kind {
  /// What it is, with an article, for messages.
  var phrase: String {
    switch self {
    case .typedef: "a typedef"
    case .enumeration: "an enum"
    case .structure(let kind, _): kind.phrase
    case .constant: "a const"
    case .service: "a service"
    }
  }
}
