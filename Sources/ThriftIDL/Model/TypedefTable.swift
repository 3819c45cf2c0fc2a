/// Something that knows what typedefs stand for, and none of them for itself.
protocol TypedefTable {
  /// The type that a typedef gives a name to; `nil` if that could not be found out, or it is no typedef.
  func aliasedType(_ id: DefinitionID) -> TypeUse?
}

extension TypedefTable {
  /// The type behind all names that typedefs gave it, never `.typedef` itself; `nil` if that could not be found out.
  func typedefTarget(_ type: TypeUse) -> TypeUse? {
    var type = type
    while case .typedef(let id) = type.shape {
      guard let aliased = aliasedType(id) else { return nil }
      type = aliased
    }
    return type
  }

  /// Whether two types are known and the same when typedefs are followed everywhere and annotations ignored.
  func isSame(_ left: TypeUse, _ right: TypeUse) -> Bool {
    guard let left = typedefTarget(left)?.shape, let right = typedefTarget(right)?.shape else { return false }
    switch (left, right) {
    case (.void, .void): return true
    case (.base(let left), .base(let right)): return left == right
    case (.list(let left), .list(let right)), (.set(let left), .set(let right)): return isSame(left, right)
    case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
      return isSame(leftKey, rightKey) && isSame(leftValue, rightValue)
    case (.enumeration(let left), .enumeration(let right)): return left == right
    case (.structure(let left), .structure(let right)): return left == right
    default: return false
    }
  }
}
