extension ThriftStruct {
  /// The value as bytes, for storage: the struct alone, without a message around it.
  ///
  /// - Throws: ``CodecError`` when the value exceeds the limits.
  public func thriftBytes(
    _ format: ThriftFormat = .binary, limits: WireLimits = .default
  ) throws(CodecError) -> [UInt8] {
    try format.encode(self, limits: limits, endsMessage: false).bytes
  }

  /// Reads a value that ``thriftBytes(_:limits:)``, or any other Thrift library, has made.
  ///
  /// - Throws: ``CodecError`` when the bytes are no such value, exceed the limits, or more bytes follow it.
  public init(
    thriftBytes bytes: [UInt8], _ format: ThriftFormat = .binary, limits: WireLimits = .default
  ) throws(CodecError) {
    self = try bytes.withUnsafeBufferPointer { bytes throws(CodecError) -> Self in
      try Self(thriftBytes: UnsafeRawBufferPointer(bytes), format, limits: limits)
    }
  }

  /// Reads a value from memory that holds it and nothing else.
  ///
  /// - Throws: ``CodecError`` when the bytes are no such value, exceed the limits, or more bytes follow it.
  public init(
    thriftBytes bytes: UnsafeRawBufferPointer, _ format: ThriftFormat = .binary, limits: WireLimits = .default
  ) throws(CodecError) {
    if bytes.count > limits.maxMessageBytes {
      throw .tooLarge("value", bytes.count, limit: limits.maxMessageBytes)
    }
    let (value, remaining) = try format.decodeCounting(Self.self, from: bytes, limits: limits)
    if remaining > 0 { throw .trailingBytes(remaining) }
    self = value
  }
}
