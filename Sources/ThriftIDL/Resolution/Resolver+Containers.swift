extension Resolver {
  /// The elements of `[…]`; `{}` will do for an empty list or set.
  func convertElements(_ parsed: ParsedValue, to element: TypeUse, at place: Place) -> [MeasuredValue]? {
    let parts: [ParsedValue]
    switch parsed.kind {
    case .list(let elements): parts = elements
    case .map(let entries) where entries.isEmpty: parts = []
    default:
      _ = mismatch(parsed, at: place)
      return nil
    }
    let converted = parts.compactMap { convertPart($0, to: element, of: place) }
    return converted.count == parts.count ? converted : nil
  }

  /// The entries of `{…}`; `[]` will do for an empty map. Of equal keys the last wins.
  func convertEntries(_ parsed: ParsedValue, _ key: TypeUse, _ value: TypeUse, at place: Place) -> MeasuredValue? {
    let parts: [(key: ParsedValue, value: ParsedValue)]
    switch parsed.kind {
    case .map(let entries): parts = entries
    case .list(let elements) where elements.isEmpty: parts = []
    default: return mismatch(parsed, at: place)
    }
    var converted: [MeasuredValue] = []
    var entries: [(key: ConstantValue, value: ConstantValue)] = []
    var positions: [Int: Int] = [:]
    for part in parts {
      let (key, value) = (convertPart(part.key, to: key, of: place), convertPart(part.value, to: value, of: place))
      guard let key, let value else { continue }
      converted += [key, value]
      let identity = identity(of: key.value)
      if let position = positions[identity] {
        diagnostics.warning("the same key stands further up; this value replaces that one", at: part.key.location)
        entries[position] = (key.value, value.value)
      } else {
        positions[identity] = entries.count
        entries.append((key.value, value.value))
      }
    }
    return converted.count == 2 * parts.count ? pack(.map(entries), converted, at: place) : nil
  }

  /// The fields in `{"name": value, …}`, which need not be all.
  func convertFields(_ parsed: ParsedValue, of id: DefinitionID, at place: Place) -> MeasuredValue? {
    guard case .map(let parts) = parsed.kind else { return mismatch(parsed, at: place) }
    var converted: [MeasuredValue] = []
    var fields: [(field: Int, value: ConstantValue)] = []
    var positions: [Int: Int] = [:]
    for part in parts {
      guard let index = fieldIndex(part.key, of: id, at: place), let type = drafts[id.index].fields[index].type,
        let value = convertPart(part.value, to: type, of: place)
      else { continue }
      converted.append(value)
      if let position = positions[index] {
        diagnostics.warning("the same field stands further up; this value replaces that one", at: part.key.location)
        fields[position] = (index, value.value)
      } else {
        positions[index] = fields.count
        fields.append((index, value.value))
      }
    }
    if case .structure(.union, _) = drafts[id.index].parsed.kind, fields.count > 1 {
      error("a union holds one value, not \(fields.count)", at: place.location)
      return nil
    }
    return converted.count == parts.count ? pack(.structure(id, fields: fields), converted, at: place) : nil
  }

  /// The index of the field that a key names; `nil` after an error.
  private func fieldIndex(_ key: ParsedValue, of id: DefinitionID, at place: Place) -> Int? {
    guard case .literal(let bytes) = key.kind else {
      error("expected the name of a field in quotes, found \(key.phrase)", at: key.location)
      return nil
    }
    let name = String(decoding: bytes, as: UTF8.self)
    let draft = drafts[id.index]
    if let index = draft.fieldIndices[name] { return index }
    if !draft.parsed.isIncomplete {
      let owner = "\(draft.parsed.kind.word) '\(draft.parsed.name.text.abbreviated)'"
      error(
        "\(owner) has no field '\(name.abbreviated.printable)'" + hint(forField: name, of: id), at: key.location)
    }
    return nil
  }

  /// The elements of a set, each once.
  ///
  /// - Parameter report: is told of elements that are there already.
  func withoutEqual(
    _ elements: [ConstantValue], report: (ConstantValue) -> Void = { _ in }
  ) -> [ConstantValue] {
    var seen: Set<Int> = []
    return elements.filter { element in
      let isNew = seen.insert(identity(of: element)).inserted
      if !isNew { report(element) }
      return isNew
    }
  }

  /// A number that is the same for equal values of one type.
  func identity(of value: ConstantValue) -> Int {
    interner.number(of: value) { drafts[$0.index].values[$1].rawValue }
  }
}

extension ParsedDefinition.Kind {
  /// What it is, without an article.
  fileprivate var word: String {
    if case .structure(let kind, _) = self { kind.word } else { "definition" }
  }
}
