extension ApplicationException: ThriftException {
  /// The name in Apache's libraries.
  public static var thriftName: String { "TApplicationException" }

  /// Reads an exception; fields that are missing are empty and ``Kind/unknown``.
  public init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {
    self.init(.unknown)
    try reader.readStructBegin()
    while true {
      let field = try reader.readFieldBegin()
      if field.type == .stop { break }
      switch (field.id, field.type) {
      case (1, .string): message = try reader.readString()
      case (2, .i32): kind = Kind(rawValue: try reader.readI32())
      default: try reader.skip(field.type)
      }
      try reader.readFieldEnd()
    }
    try reader.readStructEnd()
  }

  /// Writes the message and the kind.
  public func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.writeStructBegin("TApplicationException")
    try writer.writeField("message", 1, message)
    try writer.writeField("type", 2, kind.rawValue)
    try writer.writeFieldStop()
    try writer.writeStructEnd()
  }

  /// The kind and the message.
  public var description: String { message.isEmpty ? "\(kind)" : "\(kind): \(message)" }
}
