import ThriftIDL

/// The Swift names of a program's namespaces and definitions.
struct ModuleNames {
  /// By the index of the document: the enums around its declarations; none for a file without namespace.
  private let namespaces: [[SwiftName]]

  /// By the index of the definition.
  private let definitions: [SwiftName]

  /// What each namespace declares; the empty one is the module itself.
  private let declarations: [[SwiftName]: Set<String>]

  /// Every name that the program's files contain, without underscores at the end.
  private let stems: Set<Substring>

  init(_ program: Program) {
    var tree = NamespaceTree()
    for document in program.documents { tree.insert(document, of: program) }
    var result = (
      namespaces: [[SwiftName]](repeating: [], count: program.documents.count),
      definitions: [SwiftName](repeating: SwiftName(""), count: program.definitions.count),
      declarations: [[SwiftName]: Set<String>]()
    )
    tree.name(path: [], program) { document, path in
      result.namespaces[document.index] = path
    } definition: { definition, name in
      result.definitions[definition.index] = name
    } scope: { path, names in
      result.declarations[path] = names
    }
    (namespaces, definitions, declarations) = result
    stems = Set(Self.allNames(program).map(Self.stem))
  }

  /// The namespace of a file.
  func namespace(of document: DocumentID) -> [SwiftName] { namespaces[document.index] }

  /// The name of a definition inside its namespace.
  func name(of definition: DefinitionID) -> SwiftName { definitions[definition.index] }

  /// Whether a namespace declares a name, as a type, a const or a namespace inside it.
  func declares(_ namespace: [SwiftName], _ name: String) -> Bool {
    declarations[namespace]?.contains(name) ?? false
  }

  /// A name that nothing in the program has: the given one with `Type` behind it.
  func alias(for name: SwiftName) -> SwiftName {
    var candidate = name.text
    repeat { candidate += "Type" } while stems.contains(Self.stem(candidate))
    return SwiftName(candidate)
  }

  private static func stem(_ name: String) -> Substring {
    var stem = name[...]
    while stem.last == "_" { stem.removeLast() }
    return stem
  }

  private static func allNames(_ program: Program) -> [String] {
    var names: [String] = program.documents.flatMap { NamespaceTree.components(of: $0) }
    for definition in program.definitions {
      names.append(definition.name)
      switch definition.kind {
      case .typedef, .constant: break
      case .enumeration(let enumeration): names += enumeration.values.map(\.name)
      case .structure(let structure): names += structure.fields.map(\.name)
      case .service(let service):
        for function in service.functions {
          names.append(function.name)
          names += (function.arguments + function.exceptions).map(\.name)
        }
      }
    }
    return names
  }
}
