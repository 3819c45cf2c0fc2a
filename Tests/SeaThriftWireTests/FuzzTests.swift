import Foundation
import SeaThriftWire
import Testing

/// Valid messages with random damage: whatever comes, reading ends with a value or an error, and everything that reads
/// the same bytes agrees about them. `FUZZ_ROUNDS` and `FUZZ_SEED` in the environment make it last longer, and differ.
@Suite struct FuzzTests {
  private static let rounds = number("FUZZ_ROUNDS") ?? 4_000
  private static let seed = UInt64(number("FUZZ_SEED") ?? 0) &* 1_000

  private static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }

  /// SplitMix64, so that a failing seed can be run again.
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  /// A random value, nested a few levels deep.
  private func value(_ depth: Int, _ random: inout Generator) -> ThriftValue {
    let text = String(repeating: "aé日", count: Int.random(in: 0...8, using: &random))
    let count = depth == 0 ? 0 : Int.random(in: 0...4, using: &random)
    switch Int.random(in: 0...12, using: &random) {
    case 0: return .bool(.random(using: &random))
    case 1: return .i8(.random(in: .min ... .max, using: &random))
    case 2: return .i16(.random(in: .min ... .max, using: &random))
    case 3: return .i32(.random(in: .min ... .max, using: &random))
    case 4: return .i64(.random(in: .min ... .max, using: &random))
    case 5: return .double(Double(Int16.random(in: .min ... .max, using: &random)) / 8)
    case 6: return .string(text)
    case 7: return .uuid(.random(using: &random))
    case 8, 9:
      return .structure((0..<count).map { .init(id: Int16($0 * 7 + 1), value: value(depth - 1, &random)) })
    case 10:
      let element = value(depth - 1, &random)
      return .list(element.type, Array(repeating: element, count: count))
    case 11:
      let element = value(depth - 1, &random)
      return .set(element.type, count == 0 ? [] : [element])
    default:
      let key = value(max(depth - 1, 0), &random)
      let other = value(max(depth - 1, 0), &random)
      return .map(key.type, other.type, count == 0 ? [] : [.init(key: key, value: other)])
    }
  }

  private func arguments(_ random: inout Generator) -> ThriftValue {
    .structure((1...4).map { .init(id: Int16($0), value: value(4, &random)) })
  }

  /// Changes, removes, repeats or inserts some bytes; numbers that are sizes in disguise are favoured.
  private func damage(_ bytes: [UInt8], _ random: inout Generator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      let length = min(bytes.count - at, Int.random(in: 1...6, using: &random))
      switch Int.random(in: 0...5, using: &random) {
      case 0: bytes[at] = .random(in: 0...255, using: &random)
      case 1: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
      case 2: bytes.removeSubrange(at..<(at + length))
      case 3: bytes.insert(contentsOf: bytes[at..<(at + length)], at: at)
      case 4: bytes.removeSubrange(at...)
      default:
        let sizes: [UInt8] = [0x00, 0x7F, 0x80, 0xFF, 0x0F, 0xF0, 0x01]
        for index in at..<(at + length) { bytes[index] = sizes[Int.random(in: 0..<sizes.count, using: &random)] }
      }
    }
    return bytes
  }

  @Test("random values survive a round trip through every protocol", arguments: ThriftFormat.all)
  func roundTrips(format: ThriftFormat) throws {
    var random = Generator(state: Self.seed + 1)
    for _ in 0..<(Self.rounds / 10) {
      let value = arguments(&random)
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
    var random = Generator(state: Self.seed + 2)
    let schema = try resource("schema", as: Schema.self)
    var survivors = 0
    for round in 0..<Self.rounds {
      let valid =
        round % 3 == 0 ? try Sample.full.thriftBytes(format) : try format.write(WriteDynamic(value: arguments(&random)))
      let bytes = damage(valid, &random)
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
    #expect(survivors > 0 && survivors < Self.rounds)
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
    var random = Generator(state: Self.seed + 3)
    for round in 0..<Self.rounds {
      let bytes = damage(try format.write(Message(value: arguments(&random))), &random)
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
