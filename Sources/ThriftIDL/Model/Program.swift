/// Everything that a run of the compiler knows: the files named by the user and all that they include, resolved and
/// checked. A program exists only when there was no error.
package struct Program: Sendable {
  /// All files, each once however often it is included, in the order in which they were come upon: the files that
  /// the user named, then what they include, then what those include.
  package let documents: [Document]

  /// All definitions of all files; ``Document/definitions`` lists those of one file.
  package let definitions: [Definition]

  /// The file with an id.
  package subscript(id: DocumentID) -> Document { documents[id.index] }

  /// The definition with an id.
  package subscript(id: DefinitionID) -> Definition { definitions[id.index] }

  /// The line and column of a location.
  package func position(of location: SourceLocation) -> SourcePosition {
    self[location.document].source.position(at: location.offset)
  }
}

extension Program: TypedefTable {
  func aliasedType(_ id: DefinitionID) -> TypeUse? { self[id].typedef?.type }

  /// The type behind all names that typedefs gave it, never `.typedef` itself (element types may be).
  package func underlying(_ type: TypeUse) -> TypeUse {
    typedefTarget(type) ?? type
  }

  /// Whether two types are the same when typedefs are followed everywhere and annotations ignored.
  package func isSameType(_ left: TypeUse, _ right: TypeUse) -> Bool {
    isSame(left, right)
  }

  /// The services that a service extends: its parent, the parent's parent, and so on.
  package func ancestors(of service: DefinitionID) -> [DefinitionID] {
    var ancestors: [DefinitionID] = []
    var next = self[service].service?.parent
    while let id = next {
      ancestors.append(id)
      next = self[id].service?.parent
    }
    return ancestors
  }
}

extension Definition {
  /// The typedef, if it is one.
  package var typedef: Typedef? { if case .typedef(let value) = kind { value } else { nil } }

  /// The enum, if it is one.
  package var enumeration: Enumeration? { if case .enumeration(let value) = kind { value } else { nil } }

  /// The struct, union or exception, if it is one.
  package var structure: Structure? { if case .structure(let value) = kind { value } else { nil } }

  /// The const, if it is one.
  package var constant: Constant? { if case .constant(let value) = kind { value } else { nil } }

  /// The service, if it is one.
  package var service: Service? { if case .service(let value) = kind { value } else { nil } }
}
