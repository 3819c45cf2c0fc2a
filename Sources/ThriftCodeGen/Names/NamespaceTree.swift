import ThriftIDL

/// The namespaces of a program, one inside the other, and what is declared in each.
struct NamespaceTree {
  private var children: [String: NamespaceTree] = [:]
  private var documents: [DocumentID] = []
  private var definitions: [DefinitionID] = []

  /// The parts of a file's namespace: `namespace swift`, else `namespace *`, else none.
  static func components(of document: Document) -> [String] {
    let namespace = document.namespace(for: "swift") ?? document.namespace(for: "*")
    return namespace?.components.map(identifier) ?? []
  }

  /// Adds a file and its definitions.
  mutating func insert(_ document: Document, of program: Program) {
    insert(document, at: Self.components(of: document)[...])
  }

  private mutating func insert(_ document: Document, at path: ArraySlice<String>) {
    if let first = path.first {
      children[first, default: NamespaceTree()].insert(document, at: path.dropFirst())
    } else {
      documents.append(document.id)
      definitions += document.definitions
    }
  }

  /// Names everything in this namespace and in those inside it.
  func name(
    path: [SwiftName], _ program: Program,
    document visitDocument: (DocumentID, [SwiftName]) -> Void,
    definition visitDefinition: (DefinitionID, SwiftName) -> Void,
    scope visitScope: ([SwiftName], Set<String>) -> Void
  ) {
    let inner = children.sorted { $0.key < $1.key }
    var allocation = NameAllocation(reserved: path.isEmpty ? ReservedNames.everywhere : ReservedNames.members)
    let names = allocation.allocate(inner.map(\.key) + definitions.map { program[$0].name })
    for id in documents { visitDocument(id, path) }
    for (id, name) in zip(definitions, names.dropFirst(inner.count)) { visitDefinition(id, name) }
    visitScope(path, allocation.taken)
    for (child, name) in zip(inner, names) {
      child.value.name(
        path: path + [name], program, document: visitDocument, definition: visitDefinition, scope: visitScope)
    }
  }

  /// A part of a namespace as an identifier: other languages allow more characters than Swift.
  private static func identifier(_ component: String) -> String {
    let text = String(component.map { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    return text.first?.isNumber == true ? "_" + text : text
  }
}
