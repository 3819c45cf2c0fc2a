/// Finds the end of a message of the JSON protocol: the bracket that closes the first one.
///
/// It looks at each byte once. Between strings only what the protocol uses is let pass.
struct JSONMessageScanner: Sendable {
  private let maxMessageBytes: Int
  private let maxLevels: Int
  private var position = 0
  /// The brackets that close what is open.
  private var closing: [UInt8] = []
  private var isInString = false
  private var isEscaped = false
  private var versionIsNext = false

  init(limits: WireLimits) {
    let limits = limits.clamped()
    maxMessageBytes = limits.maxMessageBytes
    // A struct in a list in a map is six brackets.
    maxLevels = limits.maxDepth * 16
  }

  mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(CodecError) -> MessageScanner.Progress {
    let end = min(bytes.count, maxMessageBytes)
    while position < end {
      let byte = bytes[position]
      position += 1
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
      } else if try !moveOver(byte) {
        return .complete(length: position)
      }
    }
    if bytes.count >= maxMessageBytes { throw .tooLarge("message", bytes.count + 1, limit: maxMessageBytes) }
    return .needMore(total: bytes.count + max(closing.count, 1))
  }

  /// Takes a byte outside of strings; false when it ends the message.
  private mutating func moveOver(_ byte: UInt8) throws(CodecError) -> Bool {
    switch byte {
    case 0x20, 0x0A, 0x0D, 0x09: return true
    case _ where closing.isEmpty && byte != UInt8(ascii: "["), _ where versionIsNext && byte != UInt8(ascii: "1"):
      throw CodecError(.badVersion, "a message does not begin as one of the JSON protocol")
    case UInt8(ascii: "["):
      versionIsNext = closing.isEmpty
      try open(UInt8(ascii: "]"))
    case UInt8(ascii: "{"): try open(UInt8(ascii: "}"))
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      guard closing.popLast() == byte else { throw CodecError(.invalidData, "a bracket of JSON closes another kind") }
      return !closing.isEmpty
    case UInt8(ascii: "\""): isInString = true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: ","), UInt8(ascii: ":"):
      versionIsNext = false
    // Of `inf` and `nan`, which Apache's library for Python writes.
    case UInt8(ascii: "a"), UInt8(ascii: "f"), UInt8(ascii: "i"), UInt8(ascii: "n"): versionIsNext = false
    default: throw CodecError(.invalidData, "a byte \(byte) stands between the parts of JSON")
    }
    return true
  }

  private mutating func open(_ bracket: UInt8) throws(CodecError) {
    closing.append(bracket)
    if closing.count > maxLevels { throw .tooDeep(limit: maxLevels) }
  }
}
