import SeaThriftWire

struct SkipStruct: ReaderTask {
  func run<Reader: ThriftReader & ~Copyable>(_ reader: inout Reader) throws { try reader.skip(.structure) }
}

struct ReadDynamic: ReaderTask {
  var type = ThriftType.structure

  func run<Reader: ThriftReader & ~Copyable>(_ reader: inout Reader) throws -> ThriftValue {
    try ThriftValue(from: &reader, type: type)
  }
}

struct WriteDynamic: WriterTask {
  let value: ThriftValue

  func run<Writer: ThriftWriter & ~Copyable>(_ writer: inout Writer) throws { try value.write(to: &writer) }
}
