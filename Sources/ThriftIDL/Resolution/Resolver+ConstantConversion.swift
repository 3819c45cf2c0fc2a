// A const stands for its value: it serves wherever a type can hold the value, whatever the const's own type is.
extension Resolver {
  /// A reference to a const from a place where a value of a type is wanted.
  func refer(
    to id: DefinitionID, as type: TypeUse, from location: SourceLocation, referenceDepth: Int
  ) -> MeasuredValue? {
    guard let measured = value(of: id, depth: referenceDepth), let constantType = drafts[id.index].type else {
      return nil
    }
    // One step suffices: a reference to a reference would only make the value deeper.
    let target = measured.value.withoutReferences
    func result(_ kind: ConstantValue.Kind) -> MeasuredValue {
      MeasuredValue(
        value: ConstantValue(kind: kind, location: location), depth: measured.depth, size: measured.size)
    }
    if isSame(constantType, type) { return result(.reference(id, value: target)) }
    let name = drafts[id.index].parsed.name.text.abbreviated
    guard let value = converted(target, to: type) else {
      error(
        "expected \(self.name(of: type)), but '\(name)' is of type \(self.name(of: constantType))", at: location)
      return nil
    }
    guard value.isContainer else { return result(.reference(id, value: value)) }
    convertedValues += measured.size
    guard convertedValues <= MeasuredValue.maxConvertedValues else {
      error(
        "the consts that are converted to other types have more than \(MeasuredValue.maxConvertedValues) values; "
          + "give '\(name)' the type \(self.name(of: type))", at: location)
      return nil
    }
    return result(value.kind)
  }

  /// A value that a const or enum has, as a value of another type that can hold it, without references; `nil` if it
  /// cannot.
  private func converted(_ value: ConstantValue, to type: TypeUse) -> ConstantValue? {
    let kind: ConstantValue.Kind?
    switch (typedefTarget(type)?.shape, value.kind) {
    case (_, .reference(_, let target)): return converted(target, to: type)
    case (.base(let base), _): kind = self.kind(of: value, as: base)
    case (.enumeration(let wanted), .enumerationValue(let id, _)): kind = id == wanted ? value.kind : nil
    case (.structure(let wanted), .structure(let id, _)): kind = id == wanted ? value.kind : nil
    case (.list(let element), .list(let elements)), (.list(let element), .set(let elements)):
      kind = converted(elements, to: element).map { .list($0) }
    case (.set(let element), .list(let elements)), (.set(let element), .set(let elements)):
      kind = converted(elements, to: element).map { .set(withoutEqual($0)) }
    case (.map(let key, let element), .map(let entries)):
      let keys = converted(entries.map(\.key), to: key)
      let values = converted(entries.map(\.value), to: element)
      kind = keys.flatMap { keys in values.map { .map(withoutEqualKeys(zip(keys, $0))) } }
    default: kind = nil
    }
    return kind.map { ConstantValue(kind: $0, location: value.location) }
  }

  private func converted(_ values: [ConstantValue], to type: TypeUse) -> [ConstantValue]? {
    let result = values.compactMap { converted($0, to: type) }
    return result.count == values.count ? result : nil
  }

  private func kind(of value: ConstantValue, as base: BaseType) -> ConstantValue.Kind? {
    switch (base, value.kind) {
    case (.string, .binary(let bytes)): String(validating: bytes, as: UTF8.self).map { .string($0) }
    case (.binary, .string(let text)): .binary(Array(text.utf8))
    case (.uuid, .string(let text)): UUIDLiteral.bytes(of: Array(text.utf8)).map { .uuid($0) }
    case (.string, .string), (.binary, .binary), (.uuid, .uuid), (.double, .double): value.kind
    default: integer(of: value).flatMap { base.kind(ofInteger: $0) }
    }
  }

  /// Different keys may be equal in another type; the last wins.
  private func withoutEqualKeys(
    _ entries: some Sequence<(ConstantValue, ConstantValue)>
  ) -> [(key: ConstantValue, value: ConstantValue)] {
    var result: [(key: ConstantValue, value: ConstantValue)] = []
    var positions: [Int: Int] = [:]
    for (key, value) in entries {
      let identity = identity(of: key)
      if let position = positions[identity] {
        result[position] = (key, value)
      } else {
        positions[identity] = result.count
        result.append((key, value))
      }
    }
    return result
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
