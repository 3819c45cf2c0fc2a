/// Identifies a definition of a compilation: its index in ``Program/definitions``.
package struct DefinitionID: Hashable, Sendable {
  /// The position of the definition in ``Program/definitions``.
  package let index: Int

  package init(_ index: Int) {
    self.index = index
  }
}

/// A typedef, enum, struct, union, exception, const or service.
package struct Definition: Sendable {
  /// What is defined.
  package enum Kind: Sendable {
    case typedef(Typedef)
    case enumeration(Enumeration)
    /// A struct, union or exception.
    case structure(Structure)
    case constant(Constant)
    case service(Service)
  }

  /// Its place in ``Program/definitions``.
  package let id: DefinitionID

  /// The file in which it stands.
  package let document: DocumentID

  /// The name as written, never with a dot.
  package let name: String

  /// Where the name stands.
  package let location: SourceLocation

  /// The text of the documentation comment before it, lines separated by `\n`, without stars.
  package let documentation: String?

  /// The annotations after the definition.
  package let annotations: [Annotation]

  /// What is defined.
  package let kind: Kind
}

/// `typedef TYPE NAME`.
package struct Typedef: Sendable {
  /// The type that gets another name; may itself be a typedef.
  package let type: TypeUse
}

/// `enum NAME { … }`; it may have no value at all.
package struct Enumeration: Sendable {
  /// The values in source order. Several may have the same number.
  package let values: [EnumerationValue]
}

/// One value of an enum.
package struct EnumerationValue: Sendable {
  /// The name as written.
  package let name: String

  /// The number, explicit or counted up.
  package let rawValue: Int32

  /// The documentation comment before it.
  package let documentation: String?

  /// The annotations after it.
  package let annotations: [Annotation]

  /// Where the name stands.
  package let location: SourceLocation
}

/// `const TYPE NAME = VALUE`.
package struct Constant: Sendable {
  /// The declared type.
  package let type: TypeUse

  /// The value, converted to the declared type.
  package let value: ConstantValue
}
