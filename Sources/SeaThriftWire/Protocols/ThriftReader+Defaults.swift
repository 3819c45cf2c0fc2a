extension ThriftReader where Self: ~Copyable {
  /// Has the type read itself.
  @inlinable
  public mutating func readStruct<Value: ThriftStruct>(_ type: Value.Type) throws(CodecError) -> Value {
    try Value(from: &self)
  }

  /// Reads an enum, on the wire an `i32`; numbers without a name are kept.
  @inlinable
  public mutating func readEnum<Value: ThriftEnum>(_ type: Value.Type) throws(CodecError) -> Value {
    Value(rawValue: try readI32())
  }

  /// Reads a `binary` and looks whether it is text.
  public mutating func readStringOrBinary() throws(CodecError) -> ThriftValue {
    let bytes = try readBinary()
    return String(validating: bytes, as: UTF8.self).map(ThriftValue.string) ?? .binary(bytes)
  }

  /// Begins a list whose elements must be of type `element`, unless it is empty, and returns their number.
  @inlinable
  public mutating func readListBegin(of element: ThriftType) throws(CodecError) -> Int {
    let header = try readListBegin()
    if header.element != element, header.count > 0 {
      try CodecError.throwWrongElement(header.element, expected: element)
    }
    return header.count
  }

  /// Begins a set whose elements must be of type `element`, unless it is empty, and returns their number.
  @inlinable
  public mutating func readSetBegin(of element: ThriftType) throws(CodecError) -> Int {
    let header = try readSetBegin()
    if header.element != element, header.count > 0 {
      try CodecError.throwWrongElement(header.element, expected: element)
    }
    return header.count
  }

  /// Begins a map whose keys and values must be of the given types, unless it is empty, and returns their number.
  @inlinable
  public mutating func readMapBegin(of key: ThriftType, to value: ThriftType) throws(CodecError) -> Int {
    let header = try readMapBegin()
    if header.count > 0 {
      if header.key != key { try CodecError.throwWrongElement(header.key, expected: key) }
      if header.value != value { try CodecError.throwWrongElement(header.value, expected: value) }
    }
    return header.count
  }

  /// For how many elements of a container of `count` memory may be reserved at once.
  ///
  /// An element can need far more memory than bytes on the wire (an empty struct is one byte), so an announced count
  /// alone must not decide: no more is reserved than four times the bytes that are left, and a page.
  @inlinable
  public func reservation<Element>(for count: Int, of element: Element.Type) -> Int {
    min(count, (bytesRemaining &* 4 &+ 4096) / max(MemoryLayout<Element>.stride, 1))
  }
}
