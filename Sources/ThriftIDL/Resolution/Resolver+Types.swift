extension Resolver {
  /// A type as it is used in a file; `nil` after an error.
  func resolve(_ parsed: ParsedType, in document: DocumentID) -> TypeUse? {
    guard let shape = resolveShape(parsed, in: document) else { return nil }
    return TypeUse(
      shape: shape, cppType: parsed.cppType, annotations: parsed.annotations, location: parsed.location)
  }

  private func resolveShape(_ parsed: ParsedType, in document: DocumentID) -> TypeUse.Shape? {
    switch parsed.shape {
    case .void: return .void
    case .base(let type): return .base(type)
    case .list(let element): return resolve(element, in: document).map { .list($0) }
    case .set(let element): return resolve(element, in: document).map { .set($0) }
    case .map(let key, let value):
      // Both, so that both are reported.
      let (key, value) = (resolve(key, in: document), resolve(value, in: document))
      guard let key, let value else { return nil }
      return .map(key: key, value: value)
    case .named(let name):
      switch lookUpType(name, in: document, what: "type") {
      case .found(let id): return shape(of: id, at: parsed.location)
      case .missing(let message): error(message, at: parsed.location)
      case .unknowable: break
      }
      return nil
    }
  }

  private func shape(of id: DefinitionID, at location: SourceLocation) -> TypeUse.Shape? {
    let parsed = drafts[id.index].parsed
    switch parsed.kind {
    case .typedef: return .typedef(id)
    case .enumeration: return .enumeration(id)
    case .structure: return .structure(id)
    case .service, .constant:
      error("'\(parsed.name.text.abbreviated)' is \(parsed.kind.phrase), not a type", at: location)
      return nil
    }
  }

  // MARK: Typedefs

  /// Resolves all typedefs, and drops those that stand for themselves.
  func resolveTypedefs() {
    for id in ids {
      guard case .typedef(let type) = drafts[id.index].parsed.kind else { continue }
      drafts[id.index].type = resolve(type, in: drafts[id.index].document)
    }
    checkTypedefDepths()
  }

  /// Walks along typedefs, without recursion because chains of them may be long.
  private func checkTypedefDepths() {
    var depths: [DefinitionID: Int] = [:]
    var trail: [DefinitionID] = []
    var onTrail: Set<DefinitionID> = []
    for start in ids where aliasedType(start) != nil {
      if depths[start] == nil { trail.append(start) }
      while let id = trail.last {
        onTrail.insert(id)
        let used = aliasedType(id).map(typedefs(in:)) ?? []
        if let cycle = used.first(where: { onTrail.contains($0.id) }) {
          error("typedef '\(drafts[id.index].parsed.name.text.abbreviated)' stands for itself", at: cycle.location)
          drafts[id.index].type = nil
        } else if let next = used.first(where: { depths[$0.id] == nil }) {
          trail.append(next.id)
          continue
        }
        depths[id] = aliasedType(id).map { depth(of: $0, typedefDepths: depths) } ?? 0
        if depths[id, default: 0] > Parser.maxDepth {
          error(
            "types nested more than \(Parser.maxDepth) levels deep, counting what typedefs stand for",
            at: drafts[id.index].parsed.name.location)
          drafts[id.index].type = nil
          depths[id] = 0
        }
        onTrail.remove(id)
        trail.removeLast()
      }
    }
  }

  /// The typedefs that a type names directly.
  private func typedefs(in type: TypeUse) -> [(id: DefinitionID, location: SourceLocation)] {
    switch type.shape {
    case .typedef(let id): [(id, type.location)]
    case .list(let element), .set(let element): typedefs(in: element)
    case .map(let key, let value): typedefs(in: key) + typedefs(in: value)
    case .void, .base, .enumeration, .structure: []
    }
  }

  /// How many containers a type holds within each other.
  private func depth(of type: TypeUse, typedefDepths: [DefinitionID: Int]) -> Int {
    switch type.shape {
    case .typedef(let id): typedefDepths[id] ?? 0
    case .list(let element), .set(let element): 1 + depth(of: element, typedefDepths: typedefDepths)
    case .map(let key, let value):
      1 + max(depth(of: key, typedefDepths: typedefDepths), depth(of: value, typedefDepths: typedefDepths))
    case .void, .base, .enumeration, .structure: 0
    }
  }

  // MARK: Names for messages

  /// A type as it would be written.
  func name(of type: TypeUse) -> String {
    switch type.shape {
    case .void: "void"
    case .base(let type): type.rawValue
    case .list(let element): "list<\(name(of: element))>"
    case .set(let element): "set<\(name(of: element))>"
    case .map(let key, let value): "map<\(name(of: key)), \(name(of: value))>"
    case .typedef(let id), .enumeration(let id), .structure(let id): drafts[id.index].parsed.name.text
    }
  }
}
