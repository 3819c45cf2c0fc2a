extension Resolver {
  /// Numbers the values of all enums.
  func resolveEnumerations() {
    for id in ids {
      guard case .enumeration(let values) = drafts[id.index].parsed.kind else { continue }
      let resolved = resolve(values)
      drafts[id.index].values = resolved
      drafts[id.index].valueIndices = Dictionary(zip(resolved.map(\.name), resolved.indices)) { first, _ in first }
      drafts[id.index].valueIndicesByNumber = Dictionary(zip(resolved.map(\.rawValue), resolved.indices)) { first, _ in
        first
      }
    }
  }

  /// A value without a number gets the one before it plus one, the first one 0.
  private func resolve(_ parsed: [ParsedEnumerationValue]) -> [EnumerationValue] {
    var values: [EnumerationValue] = []
    var lines: [String: SourceLocation] = [:]
    var next: Int64 = 0
    for value in parsed {
      let name = value.name.text
      let number = value.number?.value ?? next
      if let first = lines[name] {
        error(
          "'\(name.abbreviated)' is already a value of this enum, on line \(line(of: first))", at: value.name.location)
      }
      lines[name] = value.name.location
      guard let rawValue = Int32(exactly: number) else {
        error(
          "the value \(number) of '\(name.abbreviated)' does not fit in 32 bits",
          at: value.number?.location ?? value.name.location)
        next = 0
        continue
      }
      next = number + 1
      values.append(
        EnumerationValue(
          name: name, rawValue: rawValue, documentation: value.documentation, annotations: value.annotations,
          location: value.name.location))
    }
    return values
  }
}
