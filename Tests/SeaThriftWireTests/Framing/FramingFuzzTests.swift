import SeaThriftWire
import Testing

/// Conversations with random damage, in every framing: whatever comes, cutting ends with messages or an error, and does
/// so alike however the bytes arrive.
@Suite struct FramingFuzzTests {
  /// What came of some bytes.
  private struct Outcome: Equatable {
    var messages: [CutMessage] = []
    var isRefused = false
    var left = 0
  }

  private func outcome(_ bytes: [UInt8], cuts: [Int], _ cutter: MessageCutter) -> Outcome {
    var cutter = cutter
    var buffer = WireBuffer()
    var outcome = Outcome()
    var start = 0
    do throws(CodecError) {
      for cut in cuts + [bytes.count] {
        buffer.append(bytes[start..<cut])
        start = cut
        while case .message(let payload, let end) = try cutter.cut(&buffer), let form = cutter.form {
          #expect(payload.lowerBound >= 0 && payload.upperBound <= end && end <= buffer.count && end > 0)
          outcome.messages.append(
            CutMessage(
              framing: form.framing, format: form.format, bytes: [UInt8](buffer.readableBytes[payload]),
              headers: cutter.head.headers))
          buffer.consume(end)
        }
      }
      outcome.left = buffer.count
    } catch {
      outcome.isRefused = true
      // What is answered must not be larger than a little.
      var output = WireBuffer()
      cutter.appendRefusal(error, to: &output)
      #expect(output.count < 1_000)
    }
    return outcome
  }

  /// A conversation of one client in a random form, or the replies to it.
  private func conversation(_ framing: Framing, _ random: inout Fuzz.Generator) throws -> [UInt8] {
    var bytes: [UInt8] = []
    let formats = framing.description.lowercased().contains("header") ? [.binary, .compact] : ThriftFormat.allCases
    let format = formats.randomElement(using: &random) ?? .binary
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      var head = FrameHead(.request(host: "h", path: "/"))
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        head.headers["k\(Int.random(in: 0...9, using: &random))"] = String(repeating: "v", count: 9)
      }
      let id = Int32.random(in: -9...9, using: &random)
      let message = try format.message(Fuzz.tree(&random), name: "method", sequenceID: id, in: framing, head: head)
      bytes += framing == .http && Bool.random(using: &random) ? chunked(message, &random) : message
    }
    return bytes
  }

  /// A request of HTTP with its body in chunks.
  private func chunked(_ request: [UInt8], _ random: inout Fuzz.Generator) -> [UInt8] {
    guard let end = request.firstRange(of: Array("\r\n\r\n".utf8)) else { return request }
    var rest = Array(request[end.upperBound...])
    var bytes = Array("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
    while !rest.isEmpty {
      let count = min(rest.count, Int.random(in: 1...40, using: &random))
      bytes += Array("\(String(count, radix: 16))\r\n".utf8) + rest[..<count] + Array("\r\n".utf8)
      rest.removeFirst(count)
    }
    return bytes + Array("0\r\n\r\n".utf8)
  }

  @Test("damaged requests are found or refused alike, at once or in pieces", arguments: Framing.allCases)
  func requests(framing: Framing) throws {
    var random = Fuzz.Generator(state: Fuzz.seed + 4)
    // Small limits, so that they are met.
    let limits = WireLimits(maxMessageBytes: 4_000, maxFrameBytes: 4_000, maxHeaderBytes: 500, maxHeaders: 8)
    var found = 0
    for round in 0..<(Fuzz.rounds / 2) {
      let valid = try conversation(framing, &random)
      let bytes = round % 8 == 0 ? valid : Fuzz.damage(valid, &random)
      let cutter = MessageCutter(accepting: .all, limits: limits)
      let whole = outcome(bytes, cuts: [], cutter)
      let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
      #expect(outcome(bytes, cuts: cuts, cutter) == whole, "round \(round): \(bytes.hex)")
      if round % 8 == 0 { #expect(!whole.isRefused && whole.left == 0, "round \(round): \(bytes.hex)") }
      found += whole.messages.count
    }
    #expect(found > 0)
  }

  @Test("damaged replies are found or refused alike, at once or in pieces", arguments: Framing.allCases)
  func replies(framing: Framing) throws {
    var random = Fuzz.Generator(state: Fuzz.seed + 5)
    for round in 0..<(Fuzz.rounds / 2) {
      var reply = WireBuffer()
      try reply.appendMessage(
        "method", .reply, 1, Fuzz.tree(&random), format: .compact, framing: framing, limits: .default)
      let bytes = Fuzz.damage(reply.bytes, &random)
      let cutter = MessageCutter(framing: framing, format: .compact, limits: .default)
      let whole = outcome(bytes, cuts: [], cutter)
      let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
      #expect(outcome(bytes, cuts: cuts, cutter) == whole, "round \(round): \(bytes.hex)")
    }
  }

  @Test("random bytes are refused or waited for, by whatever they begin with")
  func garbage() {
    var random = Fuzz.Generator(state: Fuzz.seed + 6)
    let starts: [[UInt8]] = [
      [], [0x80, 0x01], [0x82, 0x21], Array("[1,\"".utf8), Array("POST / HTTP/1.1\r\n".utf8), [0, 0, 0, 20],
      [0, 0, 0, 40, 0x0F, 0xFF], [0, 0, 0, 24, 0, 0, 0, 20, 0x0F, 0xFF],
    ]
    for round in 0..<(Fuzz.rounds / 2) {
      let bytes =
        starts[round % starts.count]
        + (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      let cutter = MessageCutter(accepting: .all, limits: .default)
      #expect(
        outcome(bytes, cuts: Array(bytes.indices), cutter) == outcome(bytes, cuts: [], cutter),
        "round \(round): \(bytes.hex)")
    }
  }
}

extension Fuzz {
  /// A random tree.
  static func tree(_ random: inout Generator) -> Tree {
    Tree(
      .random(in: .min ... .max, using: &random), (0..<Int.random(in: 0...3, using: &random)).map { Tree(Int32($0)) })
  }
}
