/// The types that need no definition. `byte` is ``i8``.
package enum BaseType: String, Hashable, Sendable, CaseIterable {
  case bool
  case i8
  case i16
  case i32
  case i64
  case double
  case string
  case binary
  case uuid
}

/// A type as it is used at one place: with the names the user chose (typedefs) and the annotations of that place.
package struct TypeUse: Sendable {
  /// What the type is.
  package indirect enum Shape: Sendable {
    /// Only as the result of a function.
    case void
    case base(BaseType)
    case list(TypeUse)
    case set(TypeUse)
    case map(key: TypeUse, value: TypeUse)
    /// Another name for a type; ``Program/underlying(_:)`` follows it.
    case typedef(DefinitionID)
    case enumeration(DefinitionID)
    /// A struct, union or exception.
    case structure(DefinitionID)
  }

  /// What the type is.
  package let shape: Shape

  /// The argument of `cpp_type`, which has no meaning in Swift.
  package let cppType: String?

  /// The annotations directly after the type.
  package let annotations: [Annotation]

  /// Where the type stands.
  package let location: SourceLocation
}
