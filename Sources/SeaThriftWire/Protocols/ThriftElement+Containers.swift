extension Array: ThriftElement where Element: ThriftElement {
  /// A list; of bytes a `binary`.
  @inlinable public static var thriftElementType: ThriftType { Element.thriftArrayType }

  /// Reads a list; of bytes a `binary`.
  @inlinable
  public static func readThriftElement<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, sentAs type: ThriftType
  ) throws(CodecError) -> Self {
    try Element.readThriftArray(from: &reader)
  }

  /// Writes a list; of bytes a `binary`.
  @inlinable
  public func writeThriftElement<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try Element.writeThriftArray(self, to: &writer)
  }
}

extension Set: ThriftElement where Element: ThriftElement {
  /// A set.
  @inlinable public static var thriftElementType: ThriftType { .set }

  /// Reads a set.
  @inlinable
  public static func readThriftElement<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, sentAs type: ThriftType
  ) throws(CodecError) -> Self {
    let (element, count) = try reader.readSetBegin(accepting: Element.thriftElementType)
    var set = Self(minimumCapacity: reader.reservation(for: count, of: Element.self))
    for _ in 0..<count { set.insert(try Element.readThriftElement(from: &reader, sentAs: element)) }
    try reader.readSetEnd()
    return set
  }

  /// Writes a set, in no particular order.
  @inlinable
  public func writeThriftElement<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.writeSetBegin(Element.thriftElementType, count: count)
    for element in self { try element.writeThriftElement(to: &writer) }
    try writer.writeSetEnd()
  }
}

extension Dictionary: ThriftElement where Key: ThriftElement, Value: ThriftElement {
  /// A map.
  @inlinable public static var thriftElementType: ThriftType { .map }

  /// Reads a map; of entries with one key the last one stays.
  @inlinable
  public static func readThriftElement<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, sentAs type: ThriftType
  ) throws(CodecError) -> Self {
    let (keyType, valueType, count) = try reader.readMapBegin(
      accepting: Key.thriftElementType, to: Value.thriftElementType)
    var map = Self(minimumCapacity: reader.reservation(for: count, of: (Key, Value).self))
    for _ in 0..<count {
      let key = try Key.readThriftElement(from: &reader, sentAs: keyType)
      map[key] = try Value.readThriftElement(from: &reader, sentAs: valueType)
    }
    try reader.readMapEnd()
    return map
  }

  /// Writes a map, in no particular order.
  @inlinable
  public func writeThriftElement<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.writeMapBegin(Key.thriftElementType, Value.thriftElementType, count: count)
    for (key, value) in self {
      try key.writeThriftElement(to: &writer)
      try value.writeThriftElement(to: &writer)
    }
    try writer.writeMapEnd()
  }
}
