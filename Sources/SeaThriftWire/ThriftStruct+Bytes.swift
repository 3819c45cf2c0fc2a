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
    self = try format.decodeWhole(bytes, limits) { bytes throws(CodecError) in
      try format.decodeCounting(Self.self, from: bytes, limits: limits)
    }
  }

  /// Reads a value from the front of bytes that go on behind it, as in files whose headers do not say how long they are.
  ///
  /// ```swift
  /// var rest = file[...]
  /// while !rest.isEmpty {
  ///   var size = 0
  ///   let header = try PageHeader(prefixOf: rest, .compact, consumed: &size)
  ///   rest = rest.dropFirst(size + header.pageSize)
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - bytes: What begins with the value. It is not copied when it lies in memory as one piece, as arrays, their slices
  ///     and buffer pointers do.
  ///   - format: The protocol that the value is written in.
  ///   - limits: What the value may hold. The bytes may be more than a message may have, the value may not.
  ///   - consumed: Is set to how many bytes the value has; unchanged when this throws.
  /// - Throws: ``CodecError`` when the bytes do not begin with such a value, or it exceeds the limits.
  public init(
    prefixOf bytes: some Collection<UInt8>, _ format: ThriftFormat = .binary, limits: WireLimits = .default,
    consumed: inout Int
  ) throws(CodecError) {
    self = try format.decodePrefix(bytes, &consumed) { bytes throws(CodecError) in
      try format.decodeCounting(Self.self, from: bytes, limits: limits)
    }
  }
}

extension ThriftFormat {
  /// What `read` makes of bytes that hold one value and nothing else.
  @usableFromInline
  func decodeWhole<Value>(
    _ bytes: UnsafeRawBufferPointer, _ limits: WireLimits,
    _ read: (UnsafeRawBufferPointer) throws(CodecError) -> (value: Value, size: Int)
  ) throws(CodecError) -> Value {
    if bytes.count > limits.maxMessageBytes {
      throw .tooLarge("value", bytes.count, limit: limits.maxMessageBytes)
    }
    let (value, size) = try read(bytes)
    if size < bytes.count { throw .trailingBytes(bytes.count - size) }
    return value
  }

  /// What `read` makes of the front of bytes.
  @usableFromInline
  func decodePrefix<Value>(
    _ bytes: some Collection<UInt8>, _ consumed: inout Int,
    _ read: (UnsafeRawBufferPointer) throws(CodecError) -> (value: Value, size: Int)
  ) throws(CodecError) -> Value {
    var result: Result<(value: Value, size: Int), CodecError>?
    bytes.withContiguousStorageIfAvailable { bytes in
      result = Result { () throws(CodecError) in try read(UnsafeRawBufferPointer(bytes)) }
    }
    let (value, size): (Value, Int)
    if let result {
      (value, size) = try result.get()
    } else {
      (value, size) = try Array(bytes).withUnsafeBufferPointer { bytes throws(CodecError) in
        try read(UnsafeRawBufferPointer(bytes))
      }
    }
    consumed = size
    return value
  }
}
