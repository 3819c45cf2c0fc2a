extension ThriftStruct {
  /// The value as plain JSON for people and their tools: `{"id":1,"name":"x","tags":["a"]}`.
  ///
  /// Fields have their names, binaries are base64, numbers that JSON lacks are the texts `NaN`, `Infinity` and
  /// `-Infinity`. Keys of maps are texts; a key that is no text or number is the text of its JSON. Nothing can read it
  /// back: it does not say the types.
  ///
  /// - Throws: ``CodecError`` when the value is nested deeper than `limits` allow, or the text is larger than a message.
  public func simpleJSON(limits: WireLimits = .default) throws(CodecError) -> String {
    var writer = SimpleJSONWriter(limits: limits.clamped())
    try writer.write(self)
    return String(decoding: writer.text, as: UTF8.self)
  }
}

/// Writes a value as JSON that says names instead of numbers and types.
struct SimpleJSONWriter: ~Copyable {
  enum Context {
    /// The value of a field, or the whole text.
    case alone
    case element(isFirst: Bool)
    /// A key begins; where its text begins is known when it is one that has to be quoted.
    case key(isFirst: Bool)
    case value
    case field(isFirst: Bool)
  }

  let limits: WireLimits
  var text: [UInt8] = []
  private var contexts: [Context] = [.alone]
  /// Where keys that are containers or structs begin, for each value that is open; -1 for those that are no keys.
  private var keyStarts: [Int] = []
  private var depth = 0

  init(limits: WireLimits) { self.limits = limits }

  /// Writes what stands before a value; returns whether it is a key.
  mutating func beginValue() -> Bool {
    let last = contexts.count - 1
    switch contexts[last] {
    case .alone: return false
    case .element(let isFirst):
      if !isFirst { text.append(UInt8(ascii: ",")) }
      contexts[last] = .element(isFirst: false)
      return false
    case .field(let isFirst):
      if !isFirst { text.append(UInt8(ascii: ",")) }
      contexts[last] = .field(isFirst: false)
      return false
    case .key(let isFirst):
      if !isFirst { text.append(UInt8(ascii: ",")) }
      contexts[last] = .value
      return true
    case .value:
      text.append(UInt8(ascii: ":"))
      contexts[last] = .key(isFirst: false)
      return false
    }
  }

  mutating func put(_ plain: some StringProtocol) throws(CodecError) {
    text += plain.utf8
    try check()
  }

  /// Writes a value that is a text, or is one where it is a key.
  mutating func write(_ plain: some StringProtocol, isQuoted: Bool) throws(CodecError) {
    let isKey = beginValue()
    if isKey || isQuoted { try put("\"") }
    try put(plain)
    if isKey || isQuoted { try put("\"") }
  }

  mutating func write(escaping plain: some Sequence<UInt8>) throws(CodecError) {
    text.append(UInt8(ascii: "\""))
    for byte in plain {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
      case 0x0A: text += "\\n".utf8
      case 0x0D: text += "\\r".utf8
      case 0x09: text += "\\t".utf8
      case 0..<0x20: text += "\\u00".utf8 + [byte.highHexDigit, byte.lowHexDigit]
      default: text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
    try check()
  }

  mutating func open(_ bracket: StaticString, _ context: Context) throws(CodecError) {
    guard depth < limits.maxDepth * 8 else { throw .tooDeep(limit: limits.maxDepth) }
    depth += 1
    keyStarts.append(beginValue() ? text.count : -1)
    try put("\(bracket)")
    contexts.append(context)
  }

  mutating func close(_ bracket: StaticString) throws(CodecError) {
    depth -= 1
    contexts.removeLast()
    try put("\(bracket)")
    let start = keyStarts.removeLast()
    guard start >= 0 else { return }
    let key = Array(text[start...])
    text.removeSubrange(start...)
    try write(escaping: key)
  }

  mutating func beginField(_ name: StaticString, _ id: Int16) throws(CodecError) {
    _ = beginValue()
    // Fields of structs that no IDL describes have no name.
    try put(name.utf8CodeUnitCount > 0 ? "\"\(name)\":" : "\"\(id)\":")
    contexts.append(.alone)
  }

  mutating func endField() { contexts.removeLast() }

  private func check() throws(CodecError) {
    if text.count > limits.maxMessageBytes { throw .tooLarge("text", text.count, limit: limits.maxMessageBytes) }
  }
}
