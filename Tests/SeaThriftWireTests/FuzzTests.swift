import SeaThriftWire
import Testing

/// Valid messages with random damage: whatever comes, reading ends with a value or an error, and everything that reads
/// the same bytes agrees about them.
@Suite struct FuzzTests {
  @Test("random values survive a round trip through every protocol", arguments: ThriftFormat.all)
  func roundTrips(format: ThriftFormat) throws {
    var random = Fuzz.Generator(state: Fuzz.seed + 1)
    for _ in 0..<(Fuzz.rounds / 10) {
      let value = Fuzz.arguments(&random)
      let bytes = try format.write(WriteDynamic(value: value))
      let read = try format.read(bytes, ReadDynamic())
      #expect(read.remaining == 0)
      let again = try format.write(WriteDynamic(value: read.value))
      #expect(again == bytes)
      // An empty map of the compact protocol does not say its types.
      if format == .binary { #expect(read.value == value) }
    }
  }

  @Test("damaged values are read or refused, stepped over or refused alike", arguments: ThriftFormat.all)
  func readers(format: ThriftFormat) throws {
    var random = Fuzz.Generator(state: Fuzz.seed + 2)
    let schema = try resource("schema", as: Schema.self)
    var survivors = 0
    for round in 0..<Fuzz.rounds {
      let valid =
        round % 3 == 0
        ? try Sample.full.thriftBytes(format) : try format.write(WriteDynamic(value: Fuzz.arguments(&random)))
      let bytes = Fuzz.damage(valid, &random)
      let skipped = try? format.read(bytes, SkipStruct()).remaining
      let dynamic = try? format.read(bytes, ReadDynamic())
      // What can be read can be stepped over, and ends in the same place.
      if let dynamic { #expect(dynamic.remaining == skipped, "round \(round): \(bytes.hex)") }
      _ = try? Sample(thriftBytes: bytes, format)
      _ = try? format.read(bytes, ReadStruct(schema: schema, name: "New"))
      if let dynamic {
        survivors += 1
        #expect(throws: Never.self) { try format.write(WriteDynamic(value: dynamic.value)) }
      }
    }
    #expect(survivors > 0 && survivors < Fuzz.rounds)
  }

  @Test("damaged messages are found alike whether they come at once or in pieces", arguments: ThriftFormat.all)
  func scanners(format: ThriftFormat) throws {
    struct Message: WriterTask {
      let value: ThriftValue

      func run<Writer: ThriftWriter & ~Copyable>(_ writer: inout Writer) throws {
        try writer.writeMessageBegin("method", .call, 7)
        try value.write(to: &writer)
        try writer.writeMessageEnd()
      }
    }
    struct ReadMessage: ReaderTask {
      func run<Reader: ThriftReader & ~Copyable>(_ reader: inout Reader) throws {
        _ = try reader.readMessageBegin()
        try reader.skip(.structure)
        try reader.readMessageEnd()
      }
    }
    var random = Fuzz.Generator(state: Fuzz.seed + 3)
    for round in 0..<Fuzz.rounds {
      let bytes = Fuzz.damage(try format.write(Message(value: Fuzz.arguments(&random))), &random)
      let whole = scan(bytes, pieces: [bytes.count], format)
      let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
      let pieces = scan(bytes, pieces: cuts + [bytes.count], format)
      #expect(whole.map(\.length) == pieces.map(\.length), "round \(round): \(bytes.hex)")
      // A message that a reader accepts ends where the scanner says.
      if let remaining = try? format.read(bytes, ReadMessage()).remaining {
        #expect(whole?.length == bytes.count - remaining, "round \(round): \(bytes.hex)")
      }
    }
  }

  /// The length of the message (`nil`: not complete) that the scanner finds, or `nil` if it refuses.
  private func scan(_ bytes: [UInt8], pieces: [Int], _ format: ThriftFormat) -> (length: Int?, Void)? {
    var scanner = MessageScanner(format)
    for length in pieces {
      do {
        if case .complete(let length) = try Array(bytes.prefix(length)).withUnsafeBytes({ try scanner.scan($0) }) {
          return (length, ())
        }
      } catch {
        return nil
      }
    }
    return (nil, ())
  }
}
