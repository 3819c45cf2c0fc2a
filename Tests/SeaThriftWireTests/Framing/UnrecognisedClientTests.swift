import SeaThriftWire
import Testing

@Suite("Clients that are not recognised")
struct UnrecognisedClientTests {
  private func client(_ bytes: [UInt8]) -> UnrecognisedClient? {
    bytes.withUnsafeBytes { UnrecognisedClient($0) }
  }

  static let strangers: [(String, String)] = [
    ("1603010200010001fc0303", "TLS"), ("160301", "TLS"), ("802e0103010015000000", "TLS"),
    ("505249202a20485454502f322e300d0a0d0a534d0d0a0d0a", "HTTP/2"),
    ("5353482d322e302d4f70656e5353485f392e360d0a", "SSH"),
    ("0100000005504c41494e02", "SASL"), ("0100000006475353415049", "SASL"), ("01000000115343", "SASL"),
    ("45484c4f206d61696c0d0a", "text that begins with \"EHLO mail\""),
    ("2a310d0a24340d0a50494e470d0a", "text that begins with \"*1$4PING\""), ("0d0a0d0a", "text that begins with \"\""),
    ("0000000804d2162f", "nothing that is known: 00 00 00 08 04 d2 16 2f"),
    ("fffb1ffffb20", "nothing that is known: ff fb 1f ff fb 20"), ("8223", "nothing that is known: 82 23"),
    ("80020001", "nothing that is known: 80 02 00 01"),
  ]

  @Test("look like what they speak, as far as one can tell", arguments: strangers)
  func looks(hex: String, expected: String) {
    #expect(client([UInt8](hex: hex))?.description == expected)
  }

  static let beginnings = [
    "", "80010001", "80", "82", "8221", "8222", "5b312c", "00000010 80010001", "00000010 8221", "00000010 5b",
    "00000010 0fff", "00000010 0f", "00000010", "000000", "000000046563686f", "0000002000000004", "474554202f20",
    "504f5354202f", "47", "504f53", "4f5054494f4e5320",
  ]

  @Test("are none of those that may still become a message or a request of HTTP", arguments: beginnings)
  func known(hex: String) {
    #expect(client([UInt8](hex: hex)) == nil)
  }

  @Test("what every client of ours begins with is known")
  func ours() throws {
    for (framing, format) in FormDetectorTests.forms {
      let bytes = try format.message(Sample.full(in: format), in: framing)
      for length in 0...min(bytes.count, 20) {
        #expect(client(Array(bytes.prefix(length))) == nil, "\(framing) \(format)")
      }
    }
  }

  @Test("only the first bytes of them are kept")
  func short() {
    #expect(client([UInt8](repeating: 0xFF, count: 1_000))?.firstBytes.count == 16)
  }
}
