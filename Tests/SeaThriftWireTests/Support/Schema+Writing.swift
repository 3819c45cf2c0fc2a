import SeaThriftWire

/// Writes a struct of a schema as generated code does: the fields that are set, by number.
struct WriteStruct: WriterTask {
  let schema: Schema
  let name: String
  let value: SchemaValue

  func run<Writer: ThriftWriter & ~Copyable>(_ writer: inout Writer) throws {
    try schema.write(value, .structure(name), to: &writer)
  }
}

extension Schema {
  func write<Writer: ThriftWriter & ~Copyable>(
    _ value: SchemaValue, _ type: FieldType, to writer: inout Writer
  ) throws(CodecError) {
    switch (type, value) {
    case (.bool, .bool(let value)): try writer.write(value)
    case (.i8, .integer(let value)): try writer.write(Int8(truncatingIfNeeded: value))
    case (.i16, .integer(let value)): try writer.write(Int16(truncatingIfNeeded: value))
    case (.i32, .integer(let value)): try writer.write(Int32(truncatingIfNeeded: value))
    case (.i64, .integer(let value)): try writer.write(value)
    case (.double, .double(let value)): try writer.write(Double(bitPattern: value))
    case (.string, .text(let value)): try writer.write(value)
    case (.binary, .bytes(let value)): try writer.write(value)
    case (.uuid, .uuid(let value)): try writer.write(value)
    case (.list(let element), .list(let elements)):
      try writer.writeListBegin(element.wireType, count: elements.count)
      for value in elements { try write(value, element, to: &writer) }
      try writer.writeListEnd()
    case (.set(let element), .set(let elements)):
      try writer.writeSetBegin(element.wireType, count: elements.count)
      for value in elements { try write(value, element, to: &writer) }
      try writer.writeSetEnd()
    case (.map(let key, let value), .map(let entries)):
      try writer.writeMapBegin(key.wireType, value.wireType, count: entries.count)
      for entry in entries {
        try write(entry.key, key, to: &writer)
        try write(entry.value, value, to: &writer)
      }
      try writer.writeMapEnd()
    case (.structure(let name), .structure(let values)): try writeStruct(name, values, to: &writer)
    default: throw CodecError(.unsupported, "the value is not of the type")
    }
  }

  private func writeStruct<Writer: ThriftWriter & ~Copyable>(
    _ name: String, _ values: [String: SchemaValue], to writer: inout Writer
  ) throws(CodecError) {
    try writer.writeStructBegin("")
    for field in fields(name) {
      guard let value = values[field.name] else { continue }
      // Whole fields where there is a call for them, as in generated code.
      switch value {
      case .bool(let value): try writer.writeField("", field.id, value)
      case .text(let value): try writer.writeField("", field.id, value)
      case .bytes(let value): try writer.writeField("", field.id, value)
      case .uuid(let value): try writer.writeField("", field.id, value)
      case .double(let value): try writer.writeField("", field.id, Double(bitPattern: value))
      default:
        try writer.writeFieldBegin("", field.type.wireType, field.id)
        try write(value, field.type, to: &writer)
        try writer.writeFieldEnd()
      }
    }
    try writer.writeFieldStop()
    try writer.writeStructEnd()
  }
}
