extension JSONReader {
  /// Takes a string in quotes as text.
  mutating func takeText() throws(CodecError) -> String {
    try takeString { bytes throws(CodecError) in
      // No bytes may have no address; an empty text needs none.
      guard let start = bytes.baseAddress else { return "" }
      return try String(utf8: start, count: bytes.count)
    }
  }

  /// Takes a string in quotes; `body` is given its bytes without the escapes.
  mutating func takeString<Value>(
    _ body: (UnsafeRawBufferPointer) throws(CodecError) -> Value
  ) throws(CodecError) -> Value {
    try expect("\"")
    let start = input.cursor
    try skipPlain()
    if input.cursor.load(as: UInt8.self) == UInt8(ascii: "\"") {
      let bytes = UnsafeRawBufferPointer(start: start, count: start.distance(to: input.cursor))
      input.cursor += 1
      try check(bytes.count)
      return try body(bytes)
    }
    unescaped.removeAll(keepingCapacity: true)
    unescaped += UnsafeRawBufferPointer(start: start, count: start.distance(to: input.cursor))
    while input.take(UInt8.self) != UInt8(ascii: "\"") {
      try takeEscape()
      let plain = input.cursor
      try skipPlain()
      unescaped += UnsafeRawBufferPointer(start: plain, count: plain.distance(to: input.cursor))
      try check(unescaped.count)
    }
    return try unescaped.withUnsafeBufferPointer { bytes throws(CodecError) in
      try body(UnsafeRawBufferPointer(bytes))
    }
  }

  private func check(_ size: Int) throws(CodecError) {
    if size > input.maxStringBytes { throw .tooLarge("string", size, limit: input.maxStringBytes) }
  }

  /// Moves to the next quote or backslash, which is there. Control characters should be escaped, but Apache's C++ library
  /// reads them as they are, and some writers rely on it.
  private mutating func skipPlain() throws(CodecError) {
    while true {
      try input.need(1)
      let byte = input.cursor.load(as: UInt8.self)
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
      input.cursor += 1
    }
  }

  /// Takes what follows a backslash.
  private mutating func takeEscape() throws(CodecError) {
    try input.need(1)
    switch input.take(UInt8.self) {
    case UInt8(ascii: "\""): unescaped.append(UInt8(ascii: "\""))
    case UInt8(ascii: "\\"): unescaped.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "/"): unescaped.append(UInt8(ascii: "/"))
    case UInt8(ascii: "b"): unescaped.append(0x08)
    case UInt8(ascii: "f"): unescaped.append(0x0C)
    case UInt8(ascii: "n"): unescaped.append(UInt8(ascii: "\n"))
    case UInt8(ascii: "r"): unescaped.append(UInt8(ascii: "\r"))
    case UInt8(ascii: "t"): unescaped.append(UInt8(ascii: "\t"))
    case UInt8(ascii: "u"): unescaped += String(try takeUnicodeEscape()).utf8
    default: throw CodecError(.invalidData, "a string of JSON has an escape that is none")
    }
  }

  /// Takes what follows `\u`; the second half of a surrogate pair must follow the first.
  private mutating func takeUnicodeEscape() throws(CodecError) -> Unicode.Scalar {
    var value = try takeHex()
    if value & 0xFC00 == 0xD800 {
      for byte in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
        try input.need(1)
        guard input.take(UInt8.self) == byte else { throw loneSurrogate() }
      }
      let low = try takeHex()
      guard low & 0xFC00 == 0xDC00 else { throw loneSurrogate() }
      value = 0x10000 + (value & 0x3FF) << 10 + low & 0x3FF
    }
    guard let scalar = Unicode.Scalar(value) else { throw loneSurrogate() }
    return scalar
  }

  private func loneSurrogate() -> CodecError {
    CodecError(.invalidData, "a string of JSON has one half of a surrogate pair")
  }

  private mutating func takeHex() throws(CodecError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      try input.need(1)
      guard let digit = input.take(UInt8.self).hexDigitValue else { throw unexpected("a hexadecimal digit") }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
