import SeaThrift
import Testing

@Suite("Generated unions and enums")
struct UnionAndEnumTests {
  @Test(
    "a member of a newer IDL survives an older program",
    arguments: ThriftFormat.allCases.flatMap { format in
      [
        newer.Choice.places(["a": [newer.Point(x: 1, more: ["b": [.violet, .red]])], "c": []]), .blob([0, 255]),
        .shade(.violet), .shade(newer.Color(rawValue: 1234)),
      ].map { (format, $0) }
    })
  func unknownMember(format: ThriftFormat, member: newer.Choice) throws {
    let old = try sample.Choice(thriftBytes: member.thriftBytes(format), format)
    guard case .unknown(let unknown) = old else {
      Issue.record("\(old)")
      return
    }
    #expect(unknown.field != nil)
    #expect(try sample.Choice(thriftBytes: old.thriftBytes(format), format) == old)
    #expect(try newer.Choice(thriftBytes: old.thriftBytes(format), format) == member)
  }

  @Test("nothing set is a value of its own", arguments: ThriftFormat.allCases)
  func nothing(format: ThriftFormat) throws {
    let empty = try sample.Empty().thriftBytes(format)
    #expect(try sample.Choice(thriftBytes: empty, format) == .unknown(.empty))
    #expect(try sample.Choice.unknown(.empty).thriftBytes(format) == empty)
  }

  @Test("a number without a name survives", arguments: ThriftFormat.allCases)
  func unknownNumber(format: ThriftFormat) throws {
    let value = sample.Optionals(color: sample.Color(rawValue: 77), colors: [sample.Color(rawValue: .min), .red])
    let old = try sample.Optionals(thriftBytes: value.thriftBytes(format), format)
    #expect(old == value)
    #expect(old.color?.rawValue == 77)
  }

  @Test("an enum knows its values and their names")
  func values() {
    #expect(sample.Color.allCases == [.red, .green, .blue])
    #expect(sample.Color.allCases.map(\.rawValue) == [1, 2, -7])
    #expect("\(sample.Color.blue)" == "blue")
    #expect("\(sample.Color(rawValue: 9))" == "Color(9)")
  }
}
