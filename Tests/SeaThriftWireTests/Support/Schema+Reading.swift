import SeaThriftWire

/// Reads a struct of a schema as generated code does: unknown fields and other types are stepped over.
struct ReadStruct: ReaderTask {
  let schema: Schema
  let name: String

  func run<Reader: ThriftReader & ~Copyable>(_ reader: inout Reader) throws -> SchemaValue {
    try schema.read(.structure(name), from: &reader)
  }
}

extension Schema {
  func read<Reader: ThriftReader & ~Copyable>(
    _ type: FieldType, from reader: inout Reader
  ) throws(CodecError) -> SchemaValue {
    switch type {
    case .bool: return .bool(try reader.readBool())
    case .i8: return .integer(Int64(try reader.readI8()))
    case .i16: return .integer(Int64(try reader.readI16()))
    case .i32: return .integer(Int64(try reader.readI32()))
    case .i64: return .integer(try reader.readI64())
    case .double: return .double(try reader.readDouble().bitPattern)
    case .string: return .text(try reader.readString())
    case .binary: return .bytes(try reader.readBinary())
    case .uuid: return .uuid(try reader.readUUID())
    case .list(let element):
      let count = try reader.readListBegin(of: element.wireType)
      var elements: [SchemaValue] = []
      for _ in 0..<count { elements.append(try read(element, from: &reader)) }
      try reader.readListEnd()
      return .list(elements)
    case .set(let element):
      let count = try reader.readSetBegin(of: element.wireType)
      var elements: [SchemaValue] = []
      for _ in 0..<count { elements.append(try read(element, from: &reader)) }
      try reader.readSetEnd()
      return .set(elements)
    case .map(let key, let value):
      let count = try reader.readMapBegin(of: key.wireType, to: value.wireType)
      var entries: [SchemaValue.Entry] = []
      for _ in 0..<count {
        let key = try read(key, from: &reader)
        entries.append(.init(key: key, value: try read(value, from: &reader)))
      }
      try reader.readMapEnd()
      return .map(entries)
    case .structure(let name): return try readStruct(name, from: &reader)
    }
  }

  private func readStruct<Reader: ThriftReader & ~Copyable>(
    _ name: String, from reader: inout Reader
  ) throws(CodecError) -> SchemaValue {
    var values: [String: SchemaValue] = [:]
    for field in fields(name) { values[field.name] = field.default.flatMap { value($0, field.type) } }
    try reader.readStructBegin()
    while true {
      let header = try reader.readFieldBegin()
      if header.type == .stop { break }
      if let field = fields(name).first(where: { $0.id == header.id }), field.type.wireType == header.type {
        values[field.name] = try read(field.type, from: &reader)
      } else {
        try reader.skip(header.type)
      }
      try reader.readFieldEnd()
    }
    try reader.readStructEnd()
    return .structure(values)
  }
}
