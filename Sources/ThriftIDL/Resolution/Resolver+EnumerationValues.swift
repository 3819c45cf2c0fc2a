// The values of enums. Where the type says which enum is meant, a name's last part is looked up in it and what stands
// before it does not matter, as Apache's compiler has it: IDL is full of prefixes of files that are missing, or wrong.
extension Resolver {
  /// A name as a value of an enum: a const of that type, or one of the enum's values.
  func convert(name: String, toEnumeration id: DefinitionID, at place: Place) -> MeasuredValue? {
    let found = lookUpValue(name, in: place.document)
    switch found {
    case .found(.constant(let constant)) where isConstant(constant, of: id):
      return refer(to: constant, as: place.type, from: place.location, referenceDepth: place.referenceDepth)
    case .found(.enumerationValue(id, let index)):
      return measured(index, of: id, at: place)
    default:
      break
    }
    if let (prefix, last) = name.splitAtLastDot, let index = drafts[id.index].valueIndices[last] {
      warn(of: prefix, before: last, as: id, insteadOf: found, at: place)
      return measured(index, of: id, at: place)
    }
    if drafts[id.index].parsed.isIncomplete { return nil }
    switch found {
    case .found(.constant(let constant)):
      return refer(to: constant, as: place.type, from: place.location, referenceDepth: place.referenceDepth)
    case .found(.enumerationValue(let other, _)):
      return mismatch(enumeration: other, at: place)
    case .missing(let message):
      let isBare = drafts[id.index].valueIndices[name] != nil
      let full = "\(qualifiedName(of: id, in: place.document)).\(name)"
      let hint = isBare ? "; write '\(full.abbreviated)'" : hint(forValue: name, of: id, in: place.document)
      error(message + hint, at: place.location)
    case .unknowable:
      break
    }
    return nil
  }

  /// A value of an enum where another type is wanted: a number where a number will do.
  func convert(enumerationValue index: Int, of id: DefinitionID, at place: Place) -> MeasuredValue? {
    guard case .base(let base) = typedefTarget(place.type)?.shape,
      let kind = base.kind(ofInteger: Int64(drafts[id.index].values[index].rawValue))
    else { return mismatch(enumeration: id, at: place) }
    return MeasuredValue(value: ConstantValue(kind: kind, location: place.location))
  }

  /// Besides its name, the number of an enum value will do.
  func convert(_ parsed: ParsedValue, toEnumeration id: DefinitionID, at place: Place) -> MeasuredValue? {
    guard case .integer(let number) = parsed.kind else { return mismatch(parsed, at: place) }
    let draft = drafts[id.index]
    if let index = Int32(exactly: number).flatMap({ draft.valueIndicesByNumber[$0] }) {
      return measured(index, of: id, at: place)
    }
    if !draft.parsed.isIncomplete {
      error("enum '\(draft.parsed.name.text.abbreviated)' has no value with the number \(number)", at: place.location)
    }
    return nil
  }

  private func measured(_ index: Int, of id: DefinitionID, at place: Place) -> MeasuredValue {
    let kind = ConstantValue.Kind.enumerationValue(enumeration: id, index: index)
    return MeasuredValue(value: ConstantValue(kind: kind, location: place.location))
  }

  private func mismatch(enumeration id: DefinitionID, at place: Place) -> MeasuredValue? {
    error(
      "expected \(name(of: place.type).abbreviated), found a value of the enum "
        + "'\(drafts[id.index].parsed.name.text.abbreviated)'", at: place.location)
    return nil
  }

  private func isConstant(_ constant: DefinitionID, of enumeration: DefinitionID) -> Bool {
    guard let type = drafts[constant.index].type, case .enumeration(enumeration) = typedefTarget(type)?.shape else {
      return false
    }
    return true
  }

  /// Says so when what stands before a value is neither the enum's name nor that of a typedef for it.
  private func warn(
    of prefix: String, before last: String, as id: DefinitionID, insteadOf found: Lookup<NamedValue>, at place: Place
  ) {
    let shown = "\(prefix).\(last)".abbreviated
    let type = qualifiedName(of: id, in: place.document)
    let full = "\(type).\(last)".abbreviated
    let message: String
    if case .unknowable = found {
      return
    } else if case .found(.enumerationValue) = found {
      message = "'\(shown)' is a value of another enum"
    } else if scopes[place.document.index].included[prefix]?.contains(drafts[id.index].document) == true {
      return diagnostics.warning("the enum's name is missing; write '\(full)'", at: place.location)
    } else if names(of: id).contains(prefix.splitAtLastDot?.name ?? prefix) {
      return
    } else {
      message = "there is no '\(shown)'"
    }
    diagnostics.warning(
      "\(message); '\(full)' is taken, as the type is \(type.abbreviated)", at: place.location)
  }

  /// The name of an enum and those that typedefs beside it give it.
  private func names(of enumeration: DefinitionID) -> Set<String> {
    if let known = enumerationNames[enumeration] { return known }
    var names: Set<String> = [drafts[enumeration.index].parsed.name.text]
    for (name, id) in scopes[drafts[enumeration.index].document.index].types {
      guard case .typedef = drafts[id.index].parsed.kind, let type = drafts[id.index].type,
        case .enumeration(enumeration) = typedefTarget(type)?.shape
      else { continue }
      names.insert(name)
    }
    enumerationNames[enumeration] = names
    return names
  }
}
