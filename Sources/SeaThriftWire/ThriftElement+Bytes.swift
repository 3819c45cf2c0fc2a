// Values that are no structs, alone in memory. Structs do the same in code of their own, which their modules specialise.
extension ThriftElement {
  /// The value as bytes, without anything around it: `[Int32]` as a `list<i32>`, and so on.
  ///
  /// - Throws: ``CodecError`` when the value exceeds the limits.
  @inlinable
  public func thriftBytes(
    _ format: ThriftFormat = .binary, limits: WireLimits = .default
  ) throws(CodecError) -> [UInt8] {
    switch format.kind {
    case .binary, .oldBinary: try format.bytes(BinaryWriter.self, of: self, limits)
    case .compact: try format.bytes(CompactWriter.self, of: self, limits)
    case .compact2: try format.bytes(Compact2Writer.self, of: self, limits)
    case .json: try format.bytes(JSONWriter.self, of: self, limits)
    }
  }

  /// Reads a value that ``thriftBytes(_:limits:)``, or any other Thrift library, has made.
  ///
  /// - Throws: ``CodecError`` when the bytes are no such value, exceed the limits, or more bytes follow it.
  @inlinable
  public init(
    thriftBytes bytes: [UInt8], _ format: ThriftFormat = .binary, limits: WireLimits = .default
  ) throws(CodecError) {
    self = try bytes.withUnsafeBufferPointer { bytes throws(CodecError) -> Self in
      try format.decodeWhole(UnsafeRawBufferPointer(bytes), limits) { bytes throws(CodecError) in
        try format.decodeElement(Self.self, from: bytes, limits: limits)
      }
    }
  }

  /// Reads a value from the front of bytes that go on behind it.
  ///
  /// - Parameters:
  ///   - bytes: What begins with the value.
  ///   - format: The protocol that the value is written in.
  ///   - limits: What the value may hold. The bytes may be more than a message may have, the value may not.
  ///   - consumed: Is set to how many bytes the value has; unchanged when this throws.
  /// - Throws: ``CodecError`` when the bytes do not begin with such a value, or it exceeds the limits.
  @inlinable
  public init(
    prefixOf bytes: some Collection<UInt8>, _ format: ThriftFormat = .binary, limits: WireLimits = .default,
    consumed: inout Int
  ) throws(CodecError) {
    self = try format.decodePrefix(bytes, &consumed) { bytes throws(CodecError) in
      try format.decodeElement(Self.self, from: bytes, limits: limits)
    }
  }
}

extension ThriftFormat {
  @inlinable
  func bytes<Writer: FormatWriter & ~Copyable>(
    _ writer: Writer.Type, of value: some ThriftElement, _ limits: WireLimits
  ) throws(CodecError) -> [UInt8] {
    var buffer = WireBuffer(capacity: 128)
    try buffer.append(with: writer, limits: limits) { writer throws(CodecError) in
      try value.writeThriftElement(to: &writer)
    }
    return buffer.bytes
  }

  /// Reads a value from the beginning of `bytes`, and says how many bytes it has.
  @inlinable
  func decodeElement<Value: ThriftElement>(
    _ type: Value.Type, from bytes: UnsafeRawBufferPointer, limits: WireLimits
  ) throws(CodecError) -> (value: Value, size: Int) {
    switch kind {
    case .binary, .oldBinary: try decodeElement(BinaryReader.self, type, bytes, limits)
    case .compact: try decodeElement(CompactReader.self, type, bytes, limits)
    case .compact2: try decodeElement(Compact2Reader.self, type, bytes, limits)
    case .json: try decodeElement(JSONReader.self, type, bytes, limits)
    }
  }

  @inlinable
  func decodeElement<Reader: FormatReader & ~Copyable, Value: ThriftElement>(
    _ reader: Reader.Type, _ type: Value.Type, _ bytes: UnsafeRawBufferPointer, _ limits: WireLimits
  ) throws(CodecError) -> (value: Value, size: Int) {
    var reader = Reader(bytes, limits: limits, block: nil)
    return (try type.readThriftElement(from: &reader, sentAs: type.thriftElementType), reader.position)
  }
}
