extension ThriftValue {
  /// Reads a value of the given type. Containers count as levels of depth, as when a value is stepped over.
  ///
  /// - Throws: ``CodecError`` when the bytes are no such value, the type is unknown, or a limit is exceeded.
  public init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader, type: ThriftType) throws(CodecError) {
    switch type {
    case .bool: self = .bool(try reader.readBool())
    case .i8: self = .i8(try reader.readI8())
    case .i16: self = .i16(try reader.readI16())
    case .i32: self = .i32(try reader.readI32())
    case .i64: self = .i64(try reader.readI64())
    case .double: self = .double(try reader.readDouble())
    case .string: self = try reader.readStringOrBinary()
    case .uuid: self = .uuid(try reader.readUUID())
    case .structure: self = .structure(try Self.readFields(from: &reader))
    case .list:
      let (element, count) = try reader.readListBegin()
      self = .list(element, try Self.readElements(from: &reader, element, count))
      try reader.readListEnd()
    case .set:
      let (element, count) = try reader.readSetBegin()
      self = .set(element, try Self.readElements(from: &reader, element, count))
      try reader.readSetEnd()
    case .map:
      let (key, value, count) = try reader.readMapBegin()
      self = .map(key, value, try Self.readEntries(from: &reader, key, value, count))
      try reader.readMapEnd()
    default: throw .unknownType(type)
    }
  }

  private static func readFields<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader
  ) throws(CodecError) -> [Field] {
    var fields: [Field] = []
    try reader.readStructBegin()
    while true {
      let header = try reader.readFieldBegin()
      if header.type == .stop { break }
      fields.append(Field(id: header.id, value: try ThriftValue(from: &reader, type: header.type)))
      try reader.readFieldEnd()
    }
    try reader.readStructEnd()
    return fields
  }

  private static func readElements<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, _ type: ThriftType, _ count: Int
  ) throws(CodecError) -> [ThriftValue] {
    var elements: [ThriftValue] = []
    elements.reserveCapacity(reader.reservation(for: count, of: ThriftValue.self))
    try reader.beginNesting()
    for _ in 0..<count { elements.append(try ThriftValue(from: &reader, type: type)) }
    reader.endNesting()
    return elements
  }

  private static func readEntries<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, _ keyType: ThriftType, _ valueType: ThriftType, _ count: Int
  ) throws(CodecError) -> [Entry] {
    var entries: [Entry] = []
    entries.reserveCapacity(reader.reservation(for: count, of: Entry.self))
    try reader.beginNesting()
    for _ in 0..<count {
      let key = try ThriftValue(from: &reader, type: keyType)
      entries.append(Entry(key: key, value: try ThriftValue(from: &reader, type: valueType)))
    }
    reader.endNesting()
    return entries
  }
}
