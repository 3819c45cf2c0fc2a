import SeaThriftWire

extension Sample {
  init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {
    try reader.readStructBegin()
    while true {
      let field = try reader.readFieldBegin()
      if field.type == .stop { break }
      switch (field.id, field.type) {
      case (1, .bool): flag = try reader.readBool()
      case (2, .i8): byte = try reader.readI8()
      case (3, .i16): short = try reader.readI16()
      case (4, .i32): int = try reader.readI32()
      case (5, .i64): long = try reader.readI64()
      case (6, .double): number = try reader.readDouble()
      case (7, .string): text = try reader.readString()
      case (8, .string): data = try reader.readBinary()
      case (9, .uuid): id = try reader.readUUID()
      case (10, .i32): color = try reader.readEnum(Color.self)
      case (11, .structure): tree = try reader.readStruct(Tree.self)
      case (12, .set): shorts = try Self.readShorts(&reader)
      case (13, .map): flags = try Self.readFlags(&reader)
      default: try reader.skip(field.type)
      }
      try reader.readFieldEnd()
    }
    try reader.readStructEnd()
  }

  private static func readShorts<Reader: ThriftReader & ~Copyable>(
    _ reader: inout Reader
  ) throws(CodecError) -> Set<Int16> {
    let count = try reader.readSetBegin(of: .i16)
    var values = Set<Int16>(minimumCapacity: reader.reservation(for: count, of: Int16.self))
    for _ in 0..<count { values.insert(try reader.readI16()) }
    try reader.readSetEnd()
    return values
  }

  private static func readFlags<Reader: ThriftReader & ~Copyable>(
    _ reader: inout Reader
  ) throws(CodecError) -> [String: Bool] {
    let count = try reader.readMapBegin(of: .string, to: .bool)
    var values = [String: Bool](minimumCapacity: reader.reservation(for: count, of: (String, Bool).self))
    for _ in 0..<count {
      let key = try reader.readString()
      values[key] = try reader.readBool()
    }
    try reader.readMapEnd()
    return values
  }

  func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.writeStructBegin("Sample")
    try writer.writeField("flag", 1, flag)
    if let byte { try writer.writeField("byte", 2, byte) }
    if let short { try writer.writeField("short", 3, short) }
    if let int { try writer.writeField("int", 4, int) }
    if let long { try writer.writeField("long", 5, long) }
    if let number { try writer.writeField("number", 6, number) }
    if let text { try writer.writeField("text", 7, text) }
    if let data { try writer.writeField("data", 8, data) }
    if let id { try writer.writeField("id", 9, id) }
    if let color { try writer.writeField("color", 10, color) }
    if let tree { try writer.writeField("tree", 11, tree) }
    if let shorts {
      try writer.writeFieldBegin("shorts", .set, 12)
      try writer.writeSetBegin(.i16, count: shorts.count)
      for value in shorts { try writer.write(value) }
      try writer.writeSetEnd()
      try writer.writeFieldEnd()
    }
    if let flags {
      try writer.writeFieldBegin("flags", .map, 13)
      try writer.writeMapBegin(.string, .bool, count: flags.count)
      for (key, value) in flags {
        try writer.write(key)
        try writer.write(value)
      }
      try writer.writeMapEnd()
      try writer.writeFieldEnd()
    }
    try writer.writeFieldStop()
    try writer.writeStructEnd()
  }
}
