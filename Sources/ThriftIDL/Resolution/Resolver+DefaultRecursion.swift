extension Resolver {
  /// A value that comes into being by itself: that of a field which is not given, or of a const.
  private enum InitialValue: Hashable {
    case field(structure: Int, index: Int)
    /// A struct of which no field is given.
    case structure(DefinitionID)
    case constant(DefinitionID)
  }

  /// Reports defaults that contain themselves: a new value could never be finished.
  ///
  /// `struct S { 1: optional S s = {} }` is such a one.
  func checkDefaultRecursion() {
    var finished: Set<InitialValue> = []
    var entered: Set<InitialValue> = []
    for id in ids {
      for index in drafts[id.index].fields.indices {
        var trail = [(node: InitialValue.field(structure: id.index, index: index), pending: [InitialValue]?.none)]
        while let (node, pending) = trail.last {
          if finished.contains(node), pending == nil {
            trail.removeLast()
            continue
          }
          entered.insert(node)
          var rest = pending ?? needs(of: node)
          guard let next = rest.popLast() else {
            finished.insert(node)
            entered.remove(node)
            trail.removeLast()
            continue
          }
          trail[trail.count - 1].pending = rest
          if entered.contains(next) {
            report(next, trail: trail.map(\.node))
          } else {
            trail.append((next, nil))
          }
        }
      }
    }
  }

  /// The initial values that an initial value is made of.
  private func needs(of node: InitialValue) -> [InitialValue] {
    switch node {
    case .structure(let id):
      return fieldNeeds(ofNew: id, without: [])
    case .constant(let id):
      guard case .resolved(let measured) = drafts[id.index].constant else { return [] }
      return needs(of: measured.value)
    case .field(let structure, let index):
      let field = drafts[structure].fields[index]
      if let value = field.defaultValue { return needs(of: value) }
      guard field.requiredness != .optional, !field.isReference, !field.needsIndirection, let type = field.type,
        case .structure(let id) = typedefTarget(type)?.shape
      else { return [] }
      return [.structure(id)]
    }
  }

  private func needs(of value: ConstantValue) -> [InitialValue] {
    switch value.kind {
    case .reference(let id, _): [.constant(id)]
    case .list(let elements), .set(let elements): elements.flatMap(needs)
    case .map(let entries): entries.flatMap { needs(of: $0.key) + needs(of: $0.value) }
    case .structure(let id, let fields):
      fields.flatMap { needs(of: $0.value) }
        + (fields.isEmpty ? [.structure(id)] : fieldNeeds(ofNew: id, without: Set(fields.map(\.field))))
    case .bool, .integer, .double, .string, .binary, .uuid, .enumerationValue: []
    }
  }

  private func fieldNeeds(ofNew id: DefinitionID, without given: Set<Int>) -> [InitialValue] {
    if case .structure(.union, _) = drafts[id.index].parsed.kind { return [] }
    return drafts[id.index].fields.indices.filter { !given.contains($0) }
      .map { .field(structure: id.index, index: $0) }
  }

  /// One error per circle, at a default that is written out.
  private func report(_ start: InitialValue, trail: [InitialValue]) {
    for node in trail.drop(while: { $0 != start }) {
      guard case .field(let structure, let index) = node,
        let value = drafts[structure].fields[index].defaultValue
      else { continue }
      let name = drafts[structure].fields[index].parsed.name.text.abbreviated
      return error("the default of '\(name)' contains itself", at: value.location)
    }
  }
}
