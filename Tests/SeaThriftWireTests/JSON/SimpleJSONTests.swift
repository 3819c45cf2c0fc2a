import Foundation
import SeaThriftWire
import Testing

@Suite struct SimpleJSONTests {
  @Test("a struct is an object with the names of its fields")
  func names() throws {
    #expect(try Tree(1, [Tree(-2)]).simpleJSON() == #"{"value":1,"kids":[{"value":-2,"kids":[]}]}"#)
  }

  @Test("any value is JSON that others can parse")
  func parses() throws {
    var random = Fuzz.Generator(state: Fuzz.seed + 7)
    for _ in 0..<500 {
      var writer = SimpleJSONText()
      let text = try writer.text(of: Fuzz.arguments(&random))
      #expect(throws: Never.self, "\(text)") { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
    }
    let full = try JSONSerialization.jsonObject(with: Data(Sample.full.simpleJSON().utf8)) as? [String: Any]
    #expect(full?["tree"] is [String: Any])
  }

  @Test("what JSON lacks is a text")
  func special() throws {
    var sample = Sample.full
    for (number, text) in [(Double.nan, "NaN"), (.infinity, "Infinity"), (-.infinity, "-Infinity")] {
      sample.number = number
      #expect(try sample.simpleJSON().contains("\"number\":\"\(text)\""))
    }
    sample.text = "\"\\\n\u{1}é"
    #expect(try sample.simpleJSON().contains(#""text":"\"\\\n\u0001é""#))
  }

  @Test("text and nesting are bounded")
  func limits() {
    #expect(throws: CodecError.self) { try Tree(levels: 600).simpleJSON() }
    #expect(throws: CodecError.self) { try Sample.full.simpleJSON(limits: WireLimits(maxMessageBytes: 20)) }
  }
}

/// Makes a struct of any value, so that it can be written.
private struct SimpleJSONText {
  struct Dynamic: ThriftStruct {
    static var thriftName: String { "Dynamic" }
    var value: ThriftValue

    init(_ value: ThriftValue) { self.value = value }

    init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {
      value = try ThriftValue(from: &reader, type: .structure)
    }

    func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
      try value.write(to: &writer)
    }
  }

  mutating func text(of value: ThriftValue) throws -> String { try Dynamic(value).simpleJSON() }
}
