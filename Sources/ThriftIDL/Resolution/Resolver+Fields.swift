/// A field on its way to a ``Field``.
struct FieldDraft {
  let parsed: ParsedField
  let id: Int16
  let requiredness: Requiredness
  let type: TypeUse?
  var isReference: Bool
  var needsIndirection = false
  var defaultValue: ConstantValue?

  /// The finished field; `nil` when its type is not known.
  var field: Field? {
    type.map { type in
      Field(
        id: id, name: parsed.name.text, requiredness: requiredness, type: type, defaultValue: defaultValue,
        isReference: isReference, needsIndirection: needsIndirection, documentation: parsed.documentation,
        annotations: parsed.annotations, location: parsed.name.location)
    }
  }
}

/// What a list of fields belongs to, which decides over some rules.
enum FieldOwner: Equatable {
  case structure(Structure.Kind)
  case arguments
  case exceptions
}

extension Resolver {
  /// Numbers fields and checks that ids and names are unique.
  func resolve(_ parsed: [ParsedField], of owner: FieldOwner, in document: DocumentID) -> [FieldDraft] {
    var drafts: [FieldDraft] = []
    var namesByID: [Int16: String] = [:]
    var names: Set<String> = []
    var nextImplicitID: Int64 = -1
    for field in parsed {
      let name = field.name.text
      let id = self.id(of: field, nextImplicitID: &nextImplicitID)
      if let other = namesByID[id] {
        error("field id \(id) is already used by '\(other.abbreviated)'", at: field.id?.location ?? field.name.location)
      } else if id != 0 {
        namesByID[id] = name
      }
      if !names.insert(name).inserted {
        error("there is already \(owner.fieldPhrase) '\(name.abbreviated)'", at: field.name.location)
      }
      let type = resolve(field.type, in: document)
      drafts.append(
        FieldDraft(
          parsed: field, id: id, requiredness: requiredness(of: field, owner), type: type,
          isReference: isReference(field, type)))
    }
    return drafts
  }

  /// The id of a field, 0 after an error. Without a positive one it gets -1, -2, … as Apache's compiler has it.
  private func id(of field: ParsedField, nextImplicitID: inout Int64) -> Int16 {
    let name = field.name.text.abbreviated
    if let (id, location) = field.id, id > 0 {
      if let id = Int16(exactly: id) { return id }
      error("field id \(id) of '\(name)' is not in the range 1 to \(Int16.max)", at: location)
      return 0
    }
    guard let implicit = Int16(exactly: nextImplicitID) else {
      error("too many fields without an id", at: field.name.location)
      return 0
    }
    nextImplicitID -= 1
    if let (id, location) = field.id {
      diagnostics.warning("field id \(id) is not positive; '\(name)' gets \(implicit) instead", at: location)
    } else {
      diagnostics.warning(
        "'\(name)' has no field id and gets \(implicit), which changes when fields before it do",
        at: field.name.location)
    }
    return implicit
  }

  private func requiredness(of field: ParsedField, _ owner: FieldOwner) -> Requiredness {
    switch (owner, field.requiredness) {
    case (.arguments, .optional), (.exceptions, .optional), (.exceptions, .required):
      let word = field.requiredness == .optional ? "optional" : "required"
      diagnostics.warning("'\(word)' has no meaning for \(owner.fieldPhrase)", at: field.requirednessLocation)
      return .default
    case (.structure(.union), .required):
      diagnostics.warning(
        "members of a union are optional; 'required' has no meaning", at: field.requirednessLocation)
      return .optional
    case (.structure(.union), _):
      return .optional
    default:
      return field.requiredness
    }
  }

  private func isReference(_ field: ParsedField, _ type: TypeUse?) -> Bool {
    guard let type, case .structure = typedefTarget(type)?.shape else { return false }
    return field.isReference || field.annotations.contains { ["cpp.ref", "cpp2.ref"].contains($0.key) }
  }
}

extension FieldOwner {
  /// One of the fields, with its article, for messages.
  fileprivate var fieldPhrase: String {
    switch self {
    case .structure: "a field"
    case .arguments: "an argument"
    case .exceptions: "a declared exception"
    }
  }
}
