// Errors are rare: making and throwing one is kept out of the readers' and writers' inlined code. What is inlined calls
// a function that throws, and does not throw itself: the optimiser (of Swift 6.3) cannot see through the witness of a
// function with a `throw` in it.
extension CodecError {
  static func endOfInput(needs needed: Int, of available: Int) -> Self {
    Self(.endOfInput, "needs \(needed) more bytes, \(available) are left")
  }

  static func size(_ size: Int, of what: StaticString, limit: Int, available: Int) -> Self {
    if size < 0 { return Self(.negativeSize, "the size of a \(what) is \(size)") }
    if size > limit { return tooLarge(what, size, limit: limit) }
    return Self(.endOfInput, "a \(what) of \(size) bytes is announced, \(available) bytes are left")
  }

  static func count(_ count: Int, of what: StaticString, limit: Int, available: Int) -> Self {
    if count < 0 { return Self(.negativeSize, "the element count of a \(what) is \(count)") }
    if count > limit { return Self(.sizeLimitExceeded, "a \(what) has \(count) elements, the limit is \(limit)") }
    return Self(.endOfInput, "a \(what) of \(count) elements is announced, \(available) bytes are left")
  }

  static func tooLarge(_ what: StaticString, _ size: Int, limit: Int) -> Self {
    Self(.sizeLimitExceeded, "a \(what) has \(size) bytes, the limit is \(limit)")
  }

  static func tooDeep(limit: Int) -> Self {
    Self(.depthLimitExceeded, "values are nested deeper than \(limit) levels")
  }

  @inline(never) @usableFromInline
  static func throwTooDeep(limit: Int) throws(CodecError) -> Never { throw tooDeep(limit: limit) }

  static func unknownType(_ type: ThriftType) -> Self {
    Self(.invalidData, "there is no value of \(type)")
  }

  static func wrongElement(_ found: ThriftType, expected: ThriftType) -> Self {
    Self(.invalidData, "a container holds \(found) where \(expected) is expected")
  }

  @inline(never) @usableFromInline
  static func throwWrongElement(_ found: ThriftType, expected: ThriftType) throws(CodecError) -> Never {
    throw wrongElement(found, expected: expected)
  }

  @inline(never) @usableFromInline
  static func throwTooWide(_ value: Int64, bits: Int) throws(CodecError) -> Never {
    throw CodecError(.invalidData, "a container holds \(value) where an i\(bits) is expected")
  }

  @inline(never) @usableFromInline
  static func throwNoUUID() throws(CodecError) -> Never {
    throw CodecError(.unsupported, "version 2 of the compact protocol has no uuid, and another type in its place")
  }

  static func trailingBytes(_ count: Int) -> Self { Self(.invalidData, "\(count) bytes follow the value") }
}
