extension String {
  /// Makes text of `count` bytes at `bytes`, which must be UTF-8. Nothing is repaired or dropped, no byte order mark
  /// and no NUL.
  @usableFromInline
  init(utf8 bytes: UnsafeRawPointer, count: Int) throws(CodecError) {
    if let short = ShortText.make(bytes, count) {
      self = short
      return
    }
    let buffer = UnsafeBufferPointer(start: bytes.assumingMemoryBound(to: UInt8.self), count: count)
    guard let text = try? UTF8Span(validating: buffer.span) else {
      throw CodecError(.invalidData, "a string is not valid UTF-8")
    }
    self.init(copying: text)
  }
}
