extension Resolver {
  /// Resolves the fields of all structs, unions and exceptions, without their defaults.
  func resolveStructures() {
    for id in ids {
      let draft = drafts[id.index]
      guard case .structure(let kind, let fields) = draft.parsed.kind else { continue }
      let resolved = resolve(fields, of: .structure(kind), in: draft.document)
      drafts[id.index].fields = resolved
      drafts[id.index].fieldIndices = Dictionary(zip(resolved.map(\.parsed.name.text), resolved.indices)) { first, _ in
        first
      }
      if kind == .union { checkDefaults(ofUnion: fields) }
      checkAnnotations(of: resolved, kind)
    }
    checkValueRecursion()
  }

  /// A union holds one value, so only one member can be there from the start.
  private func checkDefaults(ofUnion fields: [ParsedField]) {
    let withDefault = fields.filter { $0.defaultValue != nil }
    for field in withDefault.dropFirst() {
      error(
        "'\(field.name.text.abbreviated)' cannot have a default: '\(withDefault[0].name.text.abbreviated)' has one",
        at: field.name.location)
    }
  }

  /// Resolves the defaults of fields.
  func resolveDefaultValues() {
    for id in ids {
      let document = drafts[id.index].document
      for index in drafts[id.index].fields.indices {
        drafts[id.index].fields[index].defaultValue = defaultValue(of: drafts[id.index].fields[index], in: document)
      }
    }
  }

  /// The default of a field, converted to its type.
  func defaultValue(of field: FieldDraft, in document: DocumentID) -> ConstantValue? {
    guard let value = field.parsed.defaultValue, let type = field.type else { return nil }
    return convert(value, to: type, in: document)?.value
  }

  // MARK: Recursion

  /// Marks the fields at which structs that hold each other by value must be broken up: those that may be absent, else
  /// those that do not say, else all. Warns of the latter two.
  private func checkValueRecursion() {
    let recursion = ValueRecursion(nodeCount: drafts.count, edges: valueEdges())
    for edge in recursion.edgesInCircles where edge.tie == .breakable {
      drafts[edge.source].fields[edge.field].needsIndirection = true
    }
    for edge in recursion.loosenedEdges {
      drafts[edge.source].fields[edge.field].needsIndirection = true
      drafts[edge.source].fields[edge.field].isReference = true
      let field = drafts[edge.source].fields[edge.field].parsed.name
      let owner = drafts[edge.source].parsed.name.text.abbreviated
      diagnostics.warning(
        "'\(field.text.abbreviated)' leads back to '\(owner)' and is treated as optional: no value can contain itself",
        at: field.location)
    }
    for edge in recursion.tiedEdges { drafts[edge.source].fields[edge.field].needsIndirection = true }
    for edge in recursion.endlessEdges { drafts[edge.source].fields[edge.field].isReference = true }
    for circle in recursion.firmCircles { report(circle) }
  }

  /// All fields that hold a struct, union or exception by value.
  private func valueEdges() -> [ValueRecursion.Edge] {
    var edges: [ValueRecursion.Edge] = []
    for id in ids {
      guard case .structure(let kind, _) = drafts[id.index].parsed.kind else { continue }
      for (index, field) in drafts[id.index].fields.enumerated() {
        guard let type = field.type, case .structure(let target) = typedefTarget(type)?.shape else { continue }
        let isBreakable = kind == .union || field.requiredness == .optional || field.isReference
        let tie: ValueRecursion.Tie = isBreakable ? .breakable : field.requiredness == .required ? .firm : .loose
        edges.append(ValueRecursion.Edge(source: id.index, field: index, target: target.index, tie: tie))
      }
    }
    return edges
  }

  private func report(_ circle: [ValueRecursion.Edge]) {
    guard let first = circle.first else { return }
    let field = drafts[first.source].fields[first.field].parsed
    let parsed = drafts[first.source].parsed
    let way = circle.map { edge in
      let name = drafts[edge.source].parsed.name.text.abbreviated
      return "\(name).\(drafts[edge.source].fields[edge.field].parsed.name.text.abbreviated)"
    }
    let shown = way.count > 10 ? way.prefix(5) + ["…"] + way.suffix(4) : way[...]
    // Apache's compiler says nothing, and there is IDL with such a type that nobody uses.
    diagnostics.warning(
      "\(parsed.kind.phrase) that contains itself can neither be written nor read: "
        + "\(shown.joined(separator: " → ")) → \(parsed.name.text.abbreviated); one of these fields must not be required",
      at: field.name.location)
  }
}
