import PlantsIDL
import SeaThrift
import Testing

extension HerbariumChecks {
  func scalars() async throws {
    try await herbarium.ping()
    for value in [true, false] { #expect(try await herbarium.echoBool(value: value) == value) }
    for value in [0, 1, -1, 42, .max, .min] as [Int8] { #expect(try await herbarium.echoI8(value: value) == value) }
    for value in [0, 1, -1, 420, .max, .min] as [Int16] { #expect(try await herbarium.echoI16(value: value) == value) }
    for value in [0, 1, -1, 70_000, .max, .min] as [Int32] {
      #expect(try await herbarium.echoI32(value: value) == value)
    }
    for value in [0, 1, -1, 1 << 40, .max, .min] as [Int64] {
      #expect(try await herbarium.echoI64(value: value) == value)
      #expect(try await herbarium.echoInstant(value: value) == value)
    }
    let numbers: [Double] = [0, -0.0, 1, -5.2098523, 1e307, -1e-292, .leastNonzeroMagnitude, .infinity, -.infinity]
    for number in numbers {
      #expect(try await herbarium.echoDouble(value: number).bitPattern == number.bitPattern)
    }
    #expect(try await herbarium.echoDouble(value: .nan).isNaN)
    let ranks: [Plants.Rank] = [.FAMILY, .GENUS, .SPECIES, .VARIETY, .init(rawValue: 77), .init(rawValue: -5)]
    for rank in ranks { #expect(try await herbarium.echoRank(value: rank) == rank) }
  }

  func text() async throws {
    let texts = [
      "", "a", "\u{e9}\u{4e2d}\u{1f30a}", "zero \0 inside", "\"quotes\" \\ / \t\r\n\u{7f}",
      Plants.Specimen.sample.label,
    ]
    for text in texts where keepsNUL || !text.contains("\0") {
      #expect(try await herbarium.echoString(value: text) == text)
    }
    let binaries: [[UInt8]] = [[], [0], Plants.Specimen.sample.scan, Array(repeating: 0xfe, count: 3000)]
    for bytes in binaries { #expect(try await herbarium.echoBinary(value: bytes) == bytes) }
  }

  func largeValues() async throws {
    let text = String(repeating: "sea thrift \u{2013} ", count: Self.mebibyte / 12)
    #expect(try await herbarium.echoString(value: text) == text)
    let bytes = (0..<Self.mebibyte).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    #expect(try await herbarium.echoBinary(value: bytes) == bytes)
    let seed = "0123456789abcdef"
    let grown = try await herbarium.grow(seed: seed, times: Int32(Self.mebibyte / 16))
    #expect(grown == String(repeating: seed, count: Self.mebibyte / 16))
  }

  func uuids() async throws {
    guard let register else { return }
    let fixed = try #require(ThriftUUID("00112233-4455-6677-8899-aabbccddeeff"))
    for value in [fixed, ThriftUUID(), ThriftUUID(high: .max, low: .max), .random()] {
      #expect(try await register.echoUUID(value: value) == value)
    }
    var ticket = Plants.Ticket(
      id: .random(), earlier: [fixed, ThriftUUID()], holders: [fixed: "Carl"], refused: [.random(), .random()])
    #expect(try await register.echoTicket(value: ticket) == ticket)
    ticket.successor = .random()
    #expect(try await register.echoTicket(value: ticket) == ticket)
  }

  func severalArguments() async throws {
    let joined = try await herbarium.join(
      sure: true, tiny: 1, small: -2, plain: 3, large: -4, real: 0.5, text: "text", bytes: [1, 2, 3, 4, 5],
      rank: .SPECIES)
    #expect(joined == "true 1 -2 3 -4 0.5 text 5 10")
    #expect(try await herbarium.grow(seed: "ab") == "abab")
  }
}
