extension JSONWriter {
  /// Writes text in quotes; what JSON demands is escaped, everything else stays UTF-8.
  mutating func put(quoted text: String) throws(CodecError) {
    // The size that comes out of this is checked as the message grows.
    _ = try output.checked(size: text.utf8.count)
    try put("\"")
    var text = text
    var failure: CodecError?
    text.withUTF8 { bytes in
      do throws(CodecError) { try putEscaped(UnsafeRawBufferPointer(bytes)) } catch { failure = error }
    }
    if let failure { throw failure }
    try put("\"")
  }

  private mutating func putEscaped(_ bytes: UnsafeRawBufferPointer) throws(CodecError) {
    var plain = 0
    for (index, byte) in bytes.enumerated() {
      if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
      try putPlain(bytes[plain..<index])
      try put(escape: byte)
      plain = index + 1
    }
    try putPlain(bytes[plain...])
  }

  private mutating func putPlain(_ bytes: Slice<UnsafeRawBufferPointer>) throws(CodecError) {
    try output.reserve(bytes.count)
    UnsafeMutableRawBufferPointer(start: output.cursor, count: bytes.count).copyBytes(from: bytes)
    output.cursor += bytes.count
  }

  private mutating func put(escape byte: UInt8) throws(CodecError) {
    switch byte {
    case UInt8(ascii: "\""): try put("\\\"")
    case UInt8(ascii: "\\"): try put("\\\\")
    case 0x08: try put("\\b")
    case 0x0C: try put("\\f")
    case UInt8(ascii: "\n"): try put("\\n")
    case UInt8(ascii: "\r"): try put("\\r")
    case UInt8(ascii: "\t"): try put("\\t")
    default:
      try put("\\u00")
      try put(byte.highHexDigit)
      try put(byte.lowHexDigit)
    }
  }

  /// Writes bytes in quotes as base64 without padding.
  mutating func put(base64 bytes: [UInt8]) throws(CodecError) {
    _ = try output.checked(size: bytes.count)
    try output.reserve(bytes.count / 3 * 4 + 6)
    output.put(UInt8(ascii: "\""))
    var index = 0
    while index < bytes.count {
      let left = min(bytes.count - index, 3)
      var group: UInt32 = 0
      for offset in 0..<3 { group = group << 8 | (offset < left ? UInt32(bytes[index + offset]) : 0) }
      for digit in 0...left { output.put(Base64.digit(group >> UInt32(18 - 6 * digit) & 63)) }
      index += 3
    }
    output.put(UInt8(ascii: "\""))
  }
}
