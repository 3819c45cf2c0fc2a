extension JSONReader {
  /// Reads a number: 0 is false, everything else true.
  public mutating func readBool() throws(CodecError) -> Bool { try readInteger(in: .min ... .max) != 0 }

  /// Reads a number.
  public mutating func readI8() throws(CodecError) -> Int8 { Int8(try readInteger(in: -0x80...0x7F)) }

  /// Reads a number.
  public mutating func readI16() throws(CodecError) -> Int16 { Int16(try readInteger(in: -0x8000...0x7FFF)) }

  /// Reads a number.
  public mutating func readI32() throws(CodecError) -> Int32 {
    Int32(truncatingIfNeeded: try readInteger(in: -0x8000_0000...0x7FFF_FFFF))
  }

  /// Reads a number.
  public mutating func readI64() throws(CodecError) -> Int64 { try readInteger(in: .min ... .max) }

  /// Reads text in quotes.
  public mutating func readString() throws(CodecError) -> String {
    _ = try beginValue()
    return try takeText()
  }

  /// Reads base64 in quotes, with or without padding.
  public mutating func readBinary() throws(CodecError) -> [UInt8] {
    _ = try beginValue()
    return try takeString { text throws(CodecError) in
      guard let bytes = Base64.decode(text) else { throw CodecError(.invalidData, "a binary of JSON is no base64") }
      return bytes
    }
  }

  /// Reads the canonical text in quotes.
  public mutating func readUUID() throws(CodecError) -> ThriftUUID {
    _ = try beginValue()
    return try takeString { text throws(CodecError) in
      guard let value = ThriftUUID(canonicalText: text) else { throw CodecError(.invalidData, "a uuid is malformed") }
      return value
    }
  }

  /// Reads text in quotes: whether it stands for a binary cannot be seen.
  public mutating func readStringOrBinary() throws(CodecError) -> ThriftValue { .string(try readString()) }

  /// Has the type read itself, with the code that its own module made for this protocol.
  public mutating func readStruct<Value: ThriftStruct>(_ type: Value.Type) throws(CodecError) -> Value {
    try Value.decode(&self)
  }

  /// Steps over a value.
  public mutating func skip(_ type: ThriftType) throws(CodecError) {
    switch type {
    case .bool: _ = try readBool()
    case .i8: _ = try readI8()
    case .i16: _ = try readI16()
    case .i32: _ = try readI32()
    case .i64: _ = try readI64()
    case .double: _ = try readDouble()
    case .uuid: _ = try readUUID()
    case .string:
      _ = try beginValue()
      try takeString { _ throws(CodecError) in }
    case .structure: try skipStruct()
    case .list, .set:
      let (element, count) = try readListBegin()
      try skip(count, element, element)
      try readListEnd()
    case .map:
      let (key, value, count) = try readMapBegin()
      try skip(count * 2, key, value)
      try readMapEnd()
    default: throw .unknownType(type)
    }
  }

  private mutating func skipStruct() throws(CodecError) {
    try readStructBegin()
    while true {
      let field = try readFieldBegin()
      if field.type == .stop { break }
      try skip(field.type)
      try readFieldEnd()
    }
    try readStructEnd()
  }

  /// Steps over `count` values that are of two types in turn.
  private mutating func skip(_ count: Int, _ first: ThriftType, _ second: ThriftType) throws(CodecError) {
    try beginNesting()
    for index in 0..<count { try skip(index % 2 == 0 ? first : second) }
    endNesting()
  }
}
