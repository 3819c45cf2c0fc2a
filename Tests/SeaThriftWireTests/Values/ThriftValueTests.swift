import SeaThriftWire
import Testing

@Suite struct ThriftValueTests {
  @Test("a struct is read without its type, and written as it was", arguments: ThriftFormat.all)
  func roundTrip(format: ThriftFormat) throws {
    let bytes = try Sample.full.thriftBytes(format)
    let value = try format.read(bytes, ReadDynamic()).value
    guard case .structure(let fields) = value else { return #expect(Bool(false)) }
    #expect(fields.map(\.id) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
    #expect(fields[0].value == .bool(true))
    #expect(fields[6].value == .string("héllo"))
    #expect(fields[8].value == .uuid(ThriftUUID(high: 0x0011_2233_4455_6677, low: 0x8899_AABB_CCDD_EEFF)))
    #expect(fields[11].value == .set(.i16, [.i16(7)]))
    #expect(fields[12].value == .map(.string, .bool, [.init(key: .string("on"), value: .bool(true))]))
    let again = try format.write(WriteDynamic(value: value))
    #expect(again == bytes)
    #expect(try Sample(thriftBytes: again, format) == .full)
  }

  @Test("binary that is no text stays binary")
  func binary() throws {
    let bytes = try ThriftFormat.binary.write(WriteDynamic(value: .binary([0xC3, 0x28])))
    #expect(try ThriftFormat.binary.read(bytes, ReadDynamic(type: .string)).value == .binary([0xC3, 0x28]))
  }

  @Test(
    "an element of another type than its container says is not written",
    arguments: [
      ThriftValue.list(.i32, [.i32(1), .i64(2)]), .set(.string, [.bool(true)]),
      .map(.i32, .i32, [.init(key: .i32(1), value: .string("x"))]),
      .map(.i32, .i32, [.init(key: .bool(true), value: .i32(1))]),
    ])
  func mixedTypes(value: ThriftValue) {
    let error = #expect(throws: CodecError.self) { try ThriftFormat.binary.write(WriteDynamic(value: value)) }
    #expect(error?.code == .invalidData)
  }

  @Test(
    "an unknown member of a union keeps its number and value, and an empty one writes nothing",
    arguments: ThriftFormat.all)
  func unknownUnionMember(format: ThriftFormat) throws {
    struct Write: WriterTask {
      let member: UnknownUnionMember

      func run<Writer: ThriftWriter & ~Copyable>(_ writer: inout Writer) throws {
        try writer.writeStructBegin("U")
        try member.writeField(to: &writer)
        try writer.writeFieldStop()
        try writer.writeStructEnd()
      }
    }
    struct Read: ReaderTask {
      func run<Reader: ThriftReader & ~Copyable>(_ reader: inout Reader) throws -> UnknownUnionMember {
        var member = UnknownUnionMember.empty
        try reader.readStructBegin()
        while true {
          let header = try reader.readFieldBegin()
          if header.type == .stop { break }
          member = try UnknownUnionMember(from: &reader, header)
          try reader.readFieldEnd()
        }
        try reader.readStructEnd()
        return member
      }
    }
    for value in [ThriftValue.i32(5), .string("x"), .list(.bool, [.bool(true)]), .structure([])] {
      let member = UnknownUnionMember(.init(id: 300, value: value))
      #expect(try format.read(format.write(Write(member: member)), Read()).value == member)
    }
    let empty = try format.write(Write(member: .empty))
    #expect(try format.read(empty, Read()).value == .empty)
    #expect(empty == (try ApplicationExceptionTests.emptyStruct(format)))
  }
}
