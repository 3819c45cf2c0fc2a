/// How far the value of a const is known.
enum ConstantState {
  case unresolved
  /// Being resolved: whoever asks now asks for himself.
  case inProgress
  case resolved(MeasuredValue)
  /// Not to be had, for a reason that has been reported.
  case failed
}

/// A value, and how large it is when all references are written out.
struct MeasuredValue {
  /// References may nest values deeper than the grammar lets them, but not without a limit.
  static let maxDepth = 256

  /// References may double the size of a value again and again, but not without a limit.
  static let maxSize = 10_000_000

  let value: ConstantValue
  var depth = 1
  var size = 1
}

extension Resolver {
  /// Resolves all consts.
  func resolveConstants() {
    for id in ids {
      let draft = drafts[id.index]
      guard case .constant(let type, _) = draft.parsed.kind else { continue }
      drafts[id.index].type = resolve(type, in: draft.document)
    }
    for id in ids {
      guard case .constant = drafts[id.index].parsed.kind else { continue }
      _ = value(of: id, depth: 0)
    }
  }

  /// The value of a const, which is resolved now if it has not been; `nil` after an error or in a circle.
  ///
  /// - Parameter depth: how many consts are being resolved for the sake of this one.
  func value(of id: DefinitionID, depth: Int) -> MeasuredValue? {
    let draft = drafts[id.index]
    guard case .constant(_, let parsed) = draft.parsed.kind else { return nil }
    switch draft.constant {
    case .resolved(let value): return value
    case .failed: return nil
    case .inProgress:
      error("the value of '\(draft.parsed.name.text.abbreviated)' depends on itself", at: draft.parsed.name.location)
      return nil
    case .unresolved: break
    }
    guard depth < Parser.maxDepth else {
      error(
        "the value of '\(draft.parsed.name.text.abbreviated)' is reached through more than \(Parser.maxDepth) consts "
          + "that are not yet defined; define consts before they are used", at: draft.parsed.name.location)
      drafts[id.index].constant = .failed
      return nil
    }
    drafts[id.index].constant = .inProgress
    let value = draft.type.flatMap { convert(parsed, to: $0, in: draft.document, referenceDepth: depth + 1) }
    drafts[id.index].constant = value.map { .resolved($0) } ?? .failed
    return value
  }

  /// A reference to a const from a place where a value of a type is wanted.
  func refer(
    to id: DefinitionID, as type: TypeUse, from location: SourceLocation, referenceDepth: Int
  ) -> MeasuredValue? {
    guard let measured = value(of: id, depth: referenceDepth), let constantType = drafts[id.index].type else {
      return nil
    }
    // One step suffices: a reference to a reference would only make the value deeper.
    let target = measured.value.withoutReferences
    let value = isSame(constantType, type) ? target : convertScalar(target, to: type)
    guard let value else {
      let name = drafts[id.index].parsed.name.text.abbreviated
      error(
        "expected \(self.name(of: type)), but '\(name)' is of type \(self.name(of: constantType))", at: location)
      return nil
    }
    return MeasuredValue(
      value: ConstantValue(kind: .reference(id, value: value), location: location), depth: measured.depth,
      size: measured.size)
  }

  /// A value that a const or enum has, as a value of another type that can hold it; `nil` if it cannot.
  private func convertScalar(_ value: ConstantValue, to type: TypeUse) -> ConstantValue? {
    guard case .base(let base) = typedefTarget(type)?.shape else { return nil }
    let kind: ConstantValue.Kind?
    switch (base, value.kind) {
    case (.string, .binary(let bytes)):
      kind = String(validating: bytes, as: UTF8.self).map { .string($0) }
    case (.binary, .string(let text)):
      kind = .binary(Array(text.utf8))
    case (.uuid, .string(let text)):
      kind = UUIDLiteral.bytes(of: Array(text.utf8)).map { .uuid($0) }
    case (.double, .double(let value)):
      kind = .double(value)
    default:
      kind = integer(of: value).flatMap { base.kind(ofInteger: $0) }
    }
    return kind.map { ConstantValue(kind: $0, location: value.location) }
  }

  /// The number of a bool, integer or enum value.
  func integer(of value: ConstantValue) -> Int64? {
    switch value.kind {
    case .integer(let value): value
    case .bool(let value): value ? 1 : 0
    case .enumerationValue(let id, let index): Int64(drafts[id.index].values[index].rawValue)
    default: nil
    }
  }
}

extension BaseType {
  /// An integer as a value of this type; `nil` if it is out of range or the type no number.
  func kind(ofInteger value: Int64) -> ConstantValue.Kind? {
    switch self {
    case .bool: .bool(value != 0)
    case .double: .double(Double(value))
    default: integerRange?.contains(value) == true ? .integer(value) : nil
    }
  }

  /// The values of an integer type.
  var integerRange: ClosedRange<Int64>? {
    switch self {
    case .i8: Int64(Int8.min)...Int64(Int8.max)
    case .i16: Int64(Int16.min)...Int64(Int16.max)
    case .i32: Int64(Int32.min)...Int64(Int32.max)
    case .i64: Int64.min...Int64.max
    case .bool, .double, .string, .binary, .uuid: nil
    }
  }
}
