extension Resolver {
  /// A value as it is written, as a value of a type; `nil` after an error.
  ///
  /// - Parameter referenceDepth: how many consts are being resolved for the sake of this value.
  func convert(
    _ parsed: ParsedValue, to type: TypeUse, in document: DocumentID, referenceDepth: Int = 0
  ) -> MeasuredValue? {
    guard let shape = typedefTarget(type)?.shape else { return nil }
    let place = Place(type: type, document: document, location: parsed.location, referenceDepth: referenceDepth)
    if case .identifier(let name) = parsed.kind { return convert(name: name, shape, at: place) }
    let measured: MeasuredValue?
    switch shape {
    case .void:
      measured = nil
    case .base(let base):
      measured = convert(parsed, toBase: base, at: place)
    case .enumeration(let id):
      measured = convert(parsed, toEnumeration: id, at: place)
    case .list(let element):
      measured = convertElements(parsed, to: element, at: place).map { pack(.list($0.map(\.value)), $0, at: place) }
    case .set(let element):
      measured = convertElements(parsed, to: element, at: place).map { elements in
        let distinct = withoutEqual(elements.map(\.value)) { element in
          diagnostics.warning("the set has this element already", at: element.location)
        }
        return pack(.set(distinct), elements, at: place)
      }
    case .map(let key, let value):
      measured = convertEntries(parsed, key, value, at: place)
    case .structure(let id):
      measured = convertFields(parsed, of: id, at: place)
    case .typedef:
      measured = nil
    }
    if let measured, measured.depth > MeasuredValue.maxDepth {
      error("values nested more than \(MeasuredValue.maxDepth) levels deep, counting references", at: parsed.location)
      return nil
    }
    if let measured, measured.size > MeasuredValue.maxSize {
      error("the value is too large, counting references", at: parsed.location)
      return nil
    }
    return measured
  }

  /// What is known of the place of a value.
  struct Place {
    let type: TypeUse
    let document: DocumentID
    let location: SourceLocation
    let referenceDepth: Int
  }

  /// Reports that a value is of the wrong sort.
  func mismatch(_ parsed: ParsedValue, at place: Place) -> MeasuredValue? {
    error("expected \(name(of: place.type).abbreviated), found \(parsed.phrase)", at: place.location)
    return nil
  }

  /// A value made of others, with its measures.
  func pack(_ kind: ConstantValue.Kind, _ parts: [MeasuredValue], at place: Place) -> MeasuredValue {
    MeasuredValue(
      value: ConstantValue(kind: kind, location: place.location),
      depth: 1 + (parts.map(\.depth).max() ?? 0),
      size: parts.reduce(1) { min($0 + $1.size, MeasuredValue.maxSize + 1) })
  }

  func convertPart(_ parsed: ParsedValue, to type: TypeUse, of place: Place) -> MeasuredValue? {
    convert(parsed, to: type, in: place.document, referenceDepth: place.referenceDepth)
  }

  // MARK: Names

  private func convert(name: String, _ shape: TypeUse.Shape, at place: Place) -> MeasuredValue? {
    if case .enumeration(let id) = shape { return convert(name: name, toEnumeration: id, at: place) }
    switch lookUpValue(name, in: place.document) {
    case .found(.constant(let id)):
      return refer(to: id, as: place.type, from: place.location, referenceDepth: place.referenceDepth)
    case .found(.enumerationValue(let id, let index)):
      return convert(enumerationValue: index, of: id, at: place)
    case .missing(let message):
      error(message + hint(forValue: name, in: place.document), at: place.location)
    case .unknowable:
      break
    }
    return nil
  }

  // MARK: Scalars

  private func convert(_ parsed: ParsedValue, toBase base: BaseType, at place: Place) -> MeasuredValue? {
    let kind: ConstantValue.Kind
    switch (base, parsed.kind) {
    case (.string, .literal(let bytes)):
      guard let text = String(validating: bytes, as: UTF8.self) else {
        error("the string is not UTF-8", at: place.location)
        return nil
      }
      kind = .string(text)
    case (.binary, .literal(let bytes)):
      kind = .binary(bytes)
    case (.uuid, .literal(let text)):
      guard let bytes = UUIDLiteral.bytes(of: text) else {
        error("not a uuid, which looks like '01234567-89ab-cdef-0123-456789abcdef'", at: place.location)
        return nil
      }
      kind = .uuid(bytes)
    case (.double, .double(let value)):
      kind = .double(value)
    case (_, .integer(let value)):
      if let range = base.integerRange, !range.contains(value) {
        error("\(value) is not in the range of \(base.rawValue)", at: place.location)
        return nil
      }
      guard let converted = base.kind(ofInteger: value) else { return mismatch(parsed, at: place) }
      kind = converted
    default:
      return mismatch(parsed, at: place)
    }
    return MeasuredValue(value: ConstantValue(kind: kind, location: place.location))
  }
}

extension ParsedValue {
  /// What it is, for messages.
  var phrase: String {
    switch kind {
    case .integer: "an integer"
    case .double: "a floating-point number"
    case .literal: "a string"
    case .identifier: "a name"
    case .list: "a list"
    case .map: "a map"
    }
  }
}
