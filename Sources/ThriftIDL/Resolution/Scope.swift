/// The names that one file declares, and the prefixes under which it sees the names of others.
struct Scope {
  /// Typedefs, enums, structs, unions, exceptions and services.
  var types: [String: DefinitionID] = [:]

  /// Consts, which have names of their own: a const and a type may be called the same.
  var constants: [String: DefinitionID] = [:]

  /// The included files by base name; several may have the same.
  var included: [String: [DocumentID]] = [:]

  /// Whether the file has errors that may hide names.
  var isIncomplete = false
}

/// What looking for a name led to.
enum Lookup<Found> {
  case found(Found)
  /// There is no such thing; the text says what is wrong.
  case missing(String)
  /// It may be there, hidden by an error that has been reported.
  case unknowable
}

/// What a name in a value stands for.
enum NamedValue {
  case constant(DefinitionID)
  case enumerationValue(enumeration: DefinitionID, index: Int)
}

extension String {
  /// The parts before and after the last dot.
  var splitAtLastDot: (prefix: String, name: String)? {
    guard let dot = utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    return (String(self[..<dot]), String(self[index(after: dot)...]))
  }
}
