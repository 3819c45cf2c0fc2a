/// Names that the IDL may use and the generated Swift cannot, because the language or a generated member has them.
enum ReservedNames {
  /// Never legal, not even in backticks, or legal only where the reader would take them for something else.
  static let everywhere: Set<String> = ["_", "self", "Self", "init"]

  /// Not legal for members of a type, where `X.Type` and `X.Protocol` are Swift's own.
  static let members: Set<String> = everywhere.union(["Type", "Protocol"])

  /// The members that a struct, an exception or a union has besides its fields.
  static let structure: Set<String> = members.union([
    "decode", "description", "encode", "hash", "hashValue", "thriftBytes", "thriftName", "thriftZero",
    "write",
  ])

  /// The members that the answer of a method has besides its exceptions.
  static let result: Set<String> = structure.union(["Success", "get", "success"])

  /// The case that a union has besides its members.
  static let union: Set<String> = structure.union(["unknown"])

  /// The static members that an enum has besides its values.
  static let enumeration: Set<String> = members.union(["AllCases", "RawValue", "allCases", "thriftName"])

  /// The types that stand inside a service.
  static let serviceTypes: Set<String> = ["Arguments", "Client", "Handler", "Results"]

  /// The members that a service and its client have besides the functions.
  static let service: Set<String> = members.union(serviceTypes).union([
    "caller", "methodNames", "service", "serviceName",
  ])

  /// Whether the functions that read and write use a name for a variable of theirs, perhaps with a number behind it.
  static func isLocal(_ name: String) -> Bool {
    let base = name.utf8.reversed().drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return locals.contains(String(decoding: base.reversed(), as: UTF8.self))
  }

  private static let locals: Set<String> = [
    "count", "element", "error", "field", "key", "keyType", "list", "make", "map", "reader", "result", "seen", "set",
    "value", "valueType", "writer",
  ]
}
