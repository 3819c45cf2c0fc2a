/// A struct, union or exception.
package struct Structure: Sendable {
  /// Which of the three.
  package enum Kind: Hashable, Sendable {
    case `struct`
    case union
    case exception
  }

  /// Which of the three.
  package let kind: Kind

  /// The fields in source order.
  package let fields: [Field]
}

/// Whether a field may be absent.
package enum Requiredness: Hashable, Sendable {
  /// No word before the type: always written, may be missing when read.
  case `default`
  case required
  case optional
}

/// A field of a struct, union or exception, an argument of a function, or one of its exceptions.
package struct Field: Sendable {
  /// The id: 1…32767, or negative when the IDL gives none (or one that is not positive).
  package let id: Int16

  /// The name as written.
  package let name: String

  /// Members of unions are always `.optional`, arguments `.default` or `.required`, exceptions in `throws` `.default`.
  package let requiredness: Requiredness

  /// The type.
  package let type: TypeUse

  /// The declared default, converted to the field's type.
  package let defaultValue: ConstantValue?

  /// Whether the field holds a struct, union or exception that is to live on the heap and may be absent, although the
  /// field is not called optional: it is marked `&` (or annotated `cpp.ref`), or it has default requiredness and
  /// stands in a circle of structs that nothing else breaks, or holds a struct that must contain itself. Marks on other types have no meaning in Swift and are not shown.
  package let isReference: Bool

  /// Whether the field stands in a circle of structs that hold each other by value, at a place where the circle can be
  /// broken (an optional or reference field, or a member of a union): its value must live on the heap. In a circle of
  /// required fields only, all of them are such places, and may be absent in memory though never on the wire.
  ///
  /// Other fields in such a circle are `false`. Containers break circles by themselves.
  package let needsIndirection: Bool

  /// The documentation comment before it.
  package let documentation: String?

  /// The annotations after it.
  package let annotations: [Annotation]

  /// Where the name stands.
  package let location: SourceLocation
}
