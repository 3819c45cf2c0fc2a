extension ThriftValue {
  /// Writes the value.
  ///
  /// - Throws: ``CodecError`` when an element has another type than its container says, or a limit is exceeded.
  public func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    switch self {
    case .bool(let value): try writer.write(value)
    case .i8(let value): try writer.write(value)
    case .i16(let value): try writer.write(value)
    case .i32(let value): try writer.write(value)
    case .i64(let value): try writer.write(value)
    case .double(let value): try writer.write(value)
    case .string(let value): try writer.write(value)
    case .binary(let value): try writer.write(value)
    case .uuid(let value): try writer.write(value)
    case .structure(let fields): try Self.write(fields, to: &writer)
    case .list(let type, let elements):
      try writer.writeListBegin(type, count: elements.count)
      try Self.write(elements, of: type, to: &writer)
      try writer.writeListEnd()
    case .set(let type, let elements):
      try writer.writeSetBegin(type, count: elements.count)
      try Self.write(elements, of: type, to: &writer)
      try writer.writeSetEnd()
    case .map(let keyType, let valueType, let entries):
      try writer.writeMapBegin(keyType, valueType, count: entries.count)
      try writer.beginNesting()
      for entry in entries {
        try entry.key.write(to: &writer, as: keyType)
        try entry.value.write(to: &writer, as: valueType)
      }
      writer.endNesting()
      try writer.writeMapEnd()
    }
  }

  private static func write<Writer: ThriftWriter & ~Copyable>(
    _ fields: [Field], to writer: inout Writer
  ) throws(CodecError) {
    try writer.writeStructBegin("")
    for field in fields {
      try writer.writeFieldBegin("", field.value.type, field.id)
      try field.value.write(to: &writer)
      try writer.writeFieldEnd()
    }
    try writer.writeFieldStop()
    try writer.writeStructEnd()
  }

  private static func write<Writer: ThriftWriter & ~Copyable>(
    _ elements: [ThriftValue], of type: ThriftType, to writer: inout Writer
  ) throws(CodecError) {
    try writer.beginNesting()
    for element in elements { try element.write(to: &writer, as: type) }
    writer.endNesting()
  }

  private func write<Writer: ThriftWriter & ~Copyable>(
    to writer: inout Writer, as type: ThriftType
  ) throws(CodecError) {
    guard self.type == type else { throw .wrongElement(self.type, expected: type) }
    try write(to: &writer)
  }
}
