import SeaThriftWire
import Testing

@Suite struct ApplicationExceptionTests {
  static func emptyStruct(_ format: ThriftFormat) throws -> [UInt8] {
    try format.write(WriteDynamic(value: .structure([])))
  }

  @Test("it is a struct of a message and a kind")
  func bytes() throws {
    let exception = ApplicationException(.internalError, "no")
    #expect(try exception.thriftBytes().hex == "0b0001000000026e6f" + "08000200000006" + "00")
  }

  @Test("kinds without a name are kept, missing fields are empty", arguments: ThriftFormat.all)
  func roundTrip(format: ThriftFormat) throws {
    for kind in (-1...11).map(ApplicationException.Kind.init) {
      let exception = ApplicationException(kind, "why")
      #expect(try ApplicationException(thriftBytes: exception.thriftBytes(format), format) == exception)
    }
    let empty = try ApplicationException(thriftBytes: Self.emptyStruct(format), format)
    #expect(empty == ApplicationException(.unknown, ""))
  }

  @Test("its description says the kind and the message")
  func description() {
    #expect("\(ApplicationException(.badSequenceID, "7 for 8"))" == "badSequenceID: 7 for 8")
    #expect("\(ApplicationException(.init(rawValue: 99)))" == "kind 99")
    #expect("\(ApplicationException(.init(rawValue: -1)))" == "kind -1")
  }
}
