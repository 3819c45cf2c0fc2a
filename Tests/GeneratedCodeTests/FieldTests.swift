import SeaThrift
import Testing

@Suite("Fields of generated structs", .serialized)
struct FieldTests {
  private static let formats = ThriftFormat.complete

  @Test("defaults are there when nothing is given, and when nothing is read", arguments: formats)
  func defaults(format: ThriftFormat) throws {
    let value = sample.Defaults()
    #expect(value.flag)
    #expect(value.number == 12)
    #expect(value.real == -2500)
    #expect(value.text == "a\n\"b\"")
    #expect(value.blob == Array("xyz".utf8))
    #expect(value.color == .green)
    #expect(value.numbers == [1, 2, 3])
    #expect(value.words == ["a", "b"])
    #expect(value.table == ["one": [1], "none": []])
    #expect(value.point == sample.Point(x: 1, y: 2, label: "here"))
    #expect(value.maybe == 5)
    #expect(value.must == 6)
    #expect("\(value.key)" == "00112233-4455-6677-8899-aabbccddeeff")
    let onlyRequired = try bytes(of: .structure([.init(id: 12, value: .i64(6))]), format)
    #expect(try sample.Defaults(thriftBytes: onlyRequired, format) == value)
  }

  @Test("without defaults, everything is zero and nothing optional is set")
  func zeros() throws {
    let value = sample.Scalars()
    #expect(!value.flag && value.tiny == 0 && value.small == 0 && value.number == 0 && value.large == 0)
    #expect(value.real == 0 && value.text.isEmpty && value.blob.isEmpty && value.key == ThriftUUID())
    #expect(value.color.rawValue == 0 && value.point == sample.Point(x: 0) && value.choice == .unknown(.empty))
    #expect(try sample.Optionals(thriftBytes: sample.Empty().thriftBytes()) == sample.Optionals())
    #expect(try sample.Optionals().thriftBytes() == [0])
  }

  @Test("a required field that is missing is an error that names it, also one that has a default", arguments: formats)
  func required(format: ThriftFormat) throws {
    for (id, name) in [(1, "Point.y"), (2, "Point.x")] {
      let half = try bytes(of: .structure([.init(id: Int16(id), value: .double(1))]), format)
      let error = #expect(throws: CodecError.self) { try sample.Point(thriftBytes: half, format) }
      #expect(error?.code == .missingRequiredField)
      #expect(error?.message == "\(name) is required and missing")
    }
  }

  @Test("fields of default requiredness are always written, optional ones when they are set")
  func written() throws {
    #expect(try fields(sample.Scalars(color: .red)).map(\.id) == Array(1...14))
    #expect(try fields(sample.Optionals(small: 0, text: "")).map(\.id) == [3, 7])
    #expect(try fields(sample.Optionals(flags: [], nothing: .init())).map(\.id) == [300, 32767])
    var value = sample.Defaults()
    value.maybe = nil
    #expect(!(try fields(value)).contains { $0.id == 11 })
  }

  @Test("an enum without 0 that was never set is not written, and read as it was", arguments: formats)
  func unsetEnum(format: ThriftFormat) throws {
    #expect(try fields(sample.Scalars()).map(\.id) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14])
    let value = try sample.Scalars(thriftBytes: sample.Scalars().thriftBytes(format), format)
    #expect(value == sample.Scalars())
    #expect(value.color.rawValue == 0)
    #expect(!value.description.contains("color"))
    // A C++ peer sends the zero that it never set; so it comes back as not set.
    let zero = try sample.Scalars(thriftBytes: bytes(of: .structure([.init(id: 10, value: .i32(0))]), format), format)
    #expect(zero == sample.Scalars())
    // In a container, and where the field says whether it is there, a number is what it is.
    #expect(try sample.Optionals(color: .init(rawValue: 0)).thriftBytes().count == 8)
    let colors = sample.Containers(colors: [.init(rawValue: 0)])
    #expect(try sample.Containers(thriftBytes: colors.thriftBytes(format), format) == colors)
  }

  @Test("fields that the IDL does not know are stepped over, whatever they hold", arguments: formats)
  func unknown(format: ThriftFormat) throws {
    let more = newer.Point(
      x: 1, y: 2, label: "a", more: ["b": [.violet]], choice: .places(["c": [newer.Point(x: 3)]]), flag: true)
    #expect(
      try sample.Point(thriftBytes: more.thriftBytes(format), format) == sample.Point(x: 1, y: 2, label: "a"))
  }

  @Test("a field of another type than the IDL's is stepped over", arguments: formats)
  func wrongType(format: ThriftFormat) throws {
    let point = try bytes(
      of: .structure([
        .init(id: 1, value: .double(1)), .init(id: 2, value: .double(2)), .init(id: 3, value: .list(.i32, [.i32(1)])),
      ]), format)
    #expect(try sample.Point(thriftBytes: point, format) == sample.Point(x: 1, y: 2))
    let required = try bytes(
      of: .structure([.init(id: 1, value: .i64(1)), .init(id: 2, value: .double(2))]), format)
    #expect(throws: CodecError.self) { try sample.Point(thriftBytes: required, format) }
  }

  @Test("elements of another type than the IDL's are an error, unless there are none", arguments: formats)
  func wrongElements(format: ThriftFormat) throws {
    let none = try bytes(of: .structure([.init(id: 4, value: .list(.string, []))]), format)
    #expect(try sample.Choice(thriftBytes: none, format) == .numbers([]))
    let one = try bytes(of: .structure([.init(id: 4, value: .list(.string, [.string("")]))]), format)
    #expect(throws: CodecError.self) { try sample.Choice(thriftBytes: one, format) }
  }

  @Test("of a field that comes twice, the last one counts", arguments: formats)
  func duplicate(format: ThriftFormat) throws {
    let twice = try bytes(
      of: .structure([
        .init(id: 1, value: .double(1)), .init(id: 2, value: .double(2)), .init(id: 1, value: .double(3)),
      ]), format)
    #expect(try sample.Point(thriftBytes: twice, format) == sample.Point(x: 3, y: 2))
    let members = try bytes(
      of: .structure([.init(id: 1, value: .i32(1)), .init(id: 2, value: .string("last"))]), format)
    #expect(try sample.Choice(thriftBytes: members, format) == .text("last"))
  }

  @Test("values differ when one field does, also by being set or not")
  func equality() {
    #expect(sample.Point(x: 1, label: nil) != sample.Point(x: 1, label: ""))
    #expect(sample.Optionals(flag: false) != sample.Optionals())
    #expect(sample.Choice.number(1) != .unknown(.empty))
    #expect(sample.Containers(words: 1) == sample.Containers(words: 1))
    #expect(Set([sample.Point(x: 1), sample.Point(x: 1), sample.Point(x: 2)]).count == 2)
  }

  private func fields(_ value: some ThriftStruct) throws -> [ThriftValue.Field] {
    guard case .structure(let fields) = try AnyStruct(thriftBytes: value.thriftBytes()).value else { return [] }
    return fields
  }
}

extension sample.Containers {
  fileprivate init(words: Int) { self.init(flags: Array(repeating: true, count: words)) }
}
