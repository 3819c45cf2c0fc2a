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

  /// How many values may be written out in one run because a const is of another type than is wanted.
  static let maxConvertedValues = 1_000_000

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
}
