import SeaThriftWire
import Testing

@Suite struct FormDetectorTests {
  private func detect(_ bytes: some Collection<UInt8>, accepting: AcceptedForms = .all) throws -> WireForm? {
    try Array(bytes).withUnsafeBytes { try FormDetector.detect($0, accepting: accepting) }
  }

  /// Everything that a client can speak.
  static let forms = Framing.allCases.flatMap { framing in
    ThriftFormat.allCases.filter { $0 != .json || !framing.description.lowercased().contains("header") }
      .map { (framing, $0) }
  }

  @Test("what a client speaks is recognised, from few bytes and never differently from more", arguments: forms)
  func recognised(framing: Framing, format: ThriftFormat) throws {
    for name in ["add", "a", String(repeating: "long", count: 100)] {
      let bytes = try format.message(Sample.full(in: format), name: name, in: framing)
      var known = false
      for length in 0...bytes.count {
        guard let form = try detect(bytes.prefix(length)) else {
          #expect(!known && length < 8, "\(length)")
          continue
        }
        known = true
        // HTTP says it with each body.
        #expect(form.framing == (framing == .httpHeader ? .http : framing))
        if !framing.carriesHeaders { #expect(form.format == format) }
      }
    }
  }

  @Test("the smallest messages are recognised", arguments: forms)
  func smallest(framing: Framing, format: ThriftFormat) throws {
    let bytes = try format.message(Tree(), name: "", sequenceID: 0, in: framing)
    var cutter = MessageCutter(accepting: .all, limits: .default)
    let messages = try cutter.messages(in: bytes)
    #expect(messages.count == 1)
    #expect(messages.first?.framing == framing)
    #expect(messages.first?.format == format || messages.first?.format.isOldBinary == format.isOldBinary)
  }

  @Test("frames that are empty do no harm, before anything is known and after")
  func emptyFrames() throws {
    let message = try ThriftFormat.compact.message(Sample.full, in: .framed)
    let empty = [UInt8](repeating: 0, count: 4)
    var cutter = MessageCutter(accepting: .all, limits: .default)
    let bytes = empty + empty + message + empty + message
    #expect(try cutter.messages(in: bytes, cuts: Array(bytes.indices)).count == 2)
  }

  @Test("a million empty frames cost no stack and no time, whatever comes behind them")
  func manyEmptyFrames() throws {
    let empty = [UInt8](repeating: 0, count: 4_000_000)
    let message = try ThriftFormat.binary.message(Sample.full, in: .framed)
    #expect(try detect(empty + message) == WireForm(.framed, .binary))
    #expect(try detect(empty) == nil)
    var cutter = MessageCutter(accepting: .all, limits: .default)
    #expect(
      try cutter.messages(in: empty + message, cuts: Array(stride(from: 0, to: 4_000_000, by: 16_384))).count == 1)
  }

  @Test(
    "what is nothing is refused with the first bytes that show it",
    arguments: [
      "00000064 7fffffff", "00000064 ffffffff", "00000064 8301", "00000064 00000100", "00000000 0700",
      "00000003 61626305",
      "81", "ff", "ffffffff", "83", "16030100 c8010000", "7fffffff", "00ffffff", "00000010 0f00", "0d0a0d0a",
      "68656c6c6f",
    ])
  func nothing(hex: String) {
    #expect(throws: CodecError.self) {
      var cutter = MessageCutter(accepting: .all, limits: .default)
      _ = try cutter.messages(in: [UInt8](hex: hex + "00000000"))
    }
  }

  @Test("a client of TLS is told apart from garbage")
  func tls() {
    let error = #expect(throws: CodecError.self) { try detect([UInt8](hex: "16030100c8")) }
    #expect(error?.message.contains("TLS") == true)
  }

  @Test("only what is accepted is let in, and the error says what that is")
  func restricted() throws {
    let accepted = AcceptedForms(framings: [.framed, .http], formats: [.binary, .compact])
    for (framing, format) in Self.forms {
      let bytes = try format.message(Sample.full(in: format), in: framing)
      var cutter = MessageCutter(accepting: accepted, limits: .default)
      let isAccepted = [Framing.framed, .http].contains(framing) && [.binary, .compact].contains(format)
      do {
        let messages = try cutter.messages(in: bytes)
        #expect(isAccepted && messages.count == 1, "\(framing) \(format)")
      } catch let error as CodecError {
        #expect(!isAccepted, "\(framing) \(format)")
        #expect(error.code == .unsupported && error.message.contains("accepted here"), "\(error)")
      }
    }
  }
}

extension ThriftFormat {
  /// Readers of the binary protocol read old messages too.
  var isOldBinary: Bool { self == .binary || self == .oldBinary }
}
