import ThriftIDL

extension Module {
  /// The Swift type of an IDL type.
  func typeName(_ type: TypeUse, in scope: Scope) -> String {
    // With every pair of brackets inside another, Swift 6.3.1 takes twice as long.
    let hasBrackets = type.containerDepth <= 4
    switch type.shape {
    case .void: return "Swift::Void"
    case .base(let base): return base.swiftType
    case .list(let element):
      let element = typeName(element, in: scope)
      return hasBrackets ? "[\(element)]" : "Swift::Array<\(element)>"
    case .set(let element): return "Swift::Set<\(typeName(element, in: scope))>"
    case .map(let key, let value):
      let types = [typeName(key, in: scope), typeName(value, in: scope)]
      return hasBrackets ? "[\(types[0]): \(types[1])]" : "Swift::Dictionary<\(types[0]), \(types[1])>"
    case .typedef(let id), .enumeration(let id), .structure(let id): return typeReference(id, in: scope)
    }
  }

  /// The type as a value, for functions that are told a type.
  func metatype(_ types: [TypeUse], in scope: Scope) -> String {
    let names = types.map { typeName($0, in: scope) }.joined(separator: ", ")
    let type = types.count == 1 ? names : "(\(names))"
    // In an expression, a property called as a type hides it; between angle brackets only types are looked for.
    let isHidden = types.contains { type in definitions(in: type).contains { isHiddenInExpressions($0, in: scope) } }
    return isHidden ? "Swift::Array<\(type)>.Element.self" : "\(type).self"
  }

  /// Whether values of a type are integers on the wire, of any size.
  func isInteger(_ type: TypeUse) -> Bool { [".i8", ".i16", ".i32", ".i64"].contains(wireType(type)) }

  /// The `ThriftType` of values of a type.
  func wireType(_ type: TypeUse) -> String {
    switch program.underlying(type).shape {
    case .void, .typedef: ".void"
    case .base(let base): "." + (base == .binary ? "string" : base.rawValue)
    case .list: ".list"
    case .set: ".set"
    case .map: ".map"
    case .enumeration: ".i32"
    case .structure: ".structure"
    }
  }

  /// Whether a value is a list, a set or a map, which is written element by element.
  func isContainer(_ type: TypeUse) -> Bool {
    switch program.underlying(type).shape {
    case .list, .set, .map: true
    default: false
    }
  }

  /// Whether a type is one of SeaThrift's own, or is made of such, once typedefs are followed.
  func usesRuntimeType(_ type: TypeUse) -> Bool {
    switch program.underlying(type).shape {
    case .base(let base): base == .uuid
    case .list(let element), .set(let element): usesRuntimeType(element)
    case .map(let key, let value): usesRuntimeType(key) || usesRuntimeType(value)
    case .void, .typedef, .enumeration, .structure: false
    }
  }

  /// The definitions that a type names.
  private func definitions(in type: TypeUse) -> [DefinitionID] {
    switch type.shape {
    case .void, .base: []
    case .list(let element), .set(let element): definitions(in: element)
    case .map(let key, let value): definitions(in: key) + definitions(in: value)
    case .typedef(let id), .enumeration(let id), .structure(let id): [id]
    }
  }
}

extension TypeUse {
  /// How many containers stand one inside the other.
  fileprivate var containerDepth: Int {
    switch shape {
    case .void, .base, .typedef, .enumeration, .structure: 0
    case .list(let element), .set(let element): 1 + element.containerDepth
    case .map(let key, let value): 1 + max(key.containerDepth, value.containerDepth)
    }
  }
}

extension BaseType {
  /// The Swift type. Module selectors find it also where the IDL declares a type of the same name.
  var swiftType: String {
    switch self {
    case .bool: "Swift::Bool"
    case .i8: "Swift::Int8"
    case .i16: "Swift::Int16"
    case .i32: "Swift::Int32"
    case .i64: "Swift::Int64"
    case .double: "Swift::Double"
    case .string: "Swift::String"
    case .binary: "[Swift::UInt8]"
    case .uuid: "SeaThrift::ThriftUUID"
    }
  }

  /// The reader's function for it.
  var readFunction: String {
    switch self {
    case .bool: "readBool"
    case .i8: "readI8"
    case .i16: "readI16"
    case .i32: "readI32"
    case .i64: "readI64"
    case .double: "readDouble"
    case .string: "readString"
    case .binary: "readBinary"
    case .uuid: "readUUID"
    }
  }
}
