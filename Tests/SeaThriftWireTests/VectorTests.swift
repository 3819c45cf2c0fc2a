import SeaThriftWire
import Testing

/// Golden bytes on which several other implementations agree.
@Suite struct VectorTests {
  struct Vector: Decodable, CustomStringConvertible {
    let name: String
    let `struct`: String
    let `protocol`: String
    let kind: String
    let hex: String
    let value: JSONValue
    let exact: Bool

    var description: String { name }
    var format: ThriftFormat? { ThriftFormat.all.first { "\($0)" == `protocol` } }
  }

  let schema: Schema
  let vectors: [Vector]

  init() throws {
    schema = try resource("schema", as: Schema.self)
    vectors = try resource("vectors", as: [Vector].self)
  }

  @Test("the bytes of every vector are read as its value, to the last byte", arguments: ThriftFormat.all)
  func reading(format: ThriftFormat) throws {
    let all = vectors.filter { $0.format == format }
    #expect(all.count > 100)
    for vector in all {
      let expected = schema.value(vector.value, .structure(vector.struct))
      do {
        let read = try format.read([UInt8](hex: vector.hex), ReadStruct(schema: schema, name: vector.struct))
        #expect(read.value == expected, "\(vector)")
        #expect(read.remaining == 0, "\(vector)")
      } catch {
        Issue.record("\(vector): \(error)")
      }
    }
  }

  @Test("values are written as the very bytes that others write", arguments: ThriftFormat.all)
  func writing(format: ThriftFormat) throws {
    // In JSON others pad base64, or write more digits than a number needs.
    let differing = ["binary_one.json", "binary_four.json", "binary_all_bytes.json", "double_0.1.json"]
    let all = vectors.filter {
      $0.format == format && $0.exact && $0.kind == "roundtrip" && !differing.contains($0.name)
    }
    #expect(!all.isEmpty)
    for vector in all {
      let value = try #require(schema.value(vector.value, .structure(vector.struct)), "\(vector)")
      let bytes = try format.write(WriteStruct(schema: schema, name: vector.struct, value: value))
      #expect(bytes.hex == vector.hex, "\(vector)")
    }
  }

  @Test(
    "what is written is read as the same value, and every shorter beginning of it is refused as too short",
    arguments: ThriftFormat.all)
  func prefixes(format: ThriftFormat) throws {
    for vector in vectors where vector.kind == "roundtrip" && vector.format == format {
      let value = try #require(schema.value(vector.value, .structure(vector.struct)), "\(vector)")
      let bytes = try format.write(WriteStruct(schema: schema, name: vector.struct, value: value))
      let task = ReadStruct(schema: schema, name: vector.struct)
      #expect(try format.read(bytes, task).value == value, "\(vector)")
      for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 100)) {
        let error = #expect(throws: CodecError.self, "\(vector) cut to \(length)") {
          try format.read(Array(bytes.prefix(length)), task)
        }
        #expect(error?.code == .endOfInput, "\(vector) cut to \(length)")
      }
    }
  }

  @Test(
    "every vector can be stepped over, and read without knowing its type and written again",
    arguments: ThriftFormat.all)
  func dynamicValues(format: ThriftFormat) throws {
    for vector in vectors where vector.format == format {
      let bytes = [UInt8](hex: vector.hex)
      #expect(try format.read(bytes, SkipStruct()).remaining == 0, "\(vector)")
      let value = try format.read(bytes, ReadDynamic()).value
      let again = try format.write(WriteDynamic(value: value))
      // Compared as bytes, as a NaN equals nothing.
      #expect(try format.write(WriteDynamic(value: format.read(again, ReadDynamic()).value)) == again, "\(vector)")
      if format != .binary { continue }
      if vector.kind == "roundtrip" { #expect(again == bytes, "\(vector)") }
    }
  }
}
