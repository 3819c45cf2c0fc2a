/// The value of a const or a default, checked against its type and converted to it.
package struct ConstantValue: Sendable {
  /// The value.
  ///
  /// The case says what the value's type is: for a field of type i64 whose default is `Color.RED`, it is `.integer`.
  package indirect enum Kind: Sendable {
    case bool(Bool)
    /// A value of i8, i16, i32 or i64, in the range of that type.
    case integer(Int64)
    /// Finite, except that a literal too large for a double is infinite.
    case double(Double)
    case string(String)
    case binary([UInt8])
    /// Sixteen bytes in network order.
    case uuid([UInt8])
    /// A value of an enum: `program[enumeration].enumeration?.values[index]`.
    case enumerationValue(enumeration: DefinitionID, index: Int)
    case list([ConstantValue])
    /// Without equal elements.
    case set([ConstantValue])
    /// Without equal keys: the last of equal keys has won.
    case map([(key: ConstantValue, value: ConstantValue)])
    /// A struct, union or exception of which some fields are given; the others have their defaults. `field` is an
    /// index in ``Structure/fields``; for a union there is at most one.
    case structure(DefinitionID, fields: [(field: Int, value: ConstantValue)])
    /// Another const, and its value converted to the type that is asked for *here*. The const's own type can be a
    /// different one (an i32 used for an i64): compare with ``Program/isSameType(_:_:)`` before referring to it by name.
    case reference(DefinitionID, value: ConstantValue)
  }

  /// The value.
  package let kind: Kind

  /// Where the value is written.
  package let location: SourceLocation

  /// The value behind all references, never `.reference` itself (its parts may be).
  package var withoutReferences: ConstantValue {
    var value = self
    while case .reference(_, let target) = value.kind { value = target }
    return value
  }
}
