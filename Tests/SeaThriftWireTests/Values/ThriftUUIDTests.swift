import SeaThriftWire
import Testing

@Suite struct ThriftUUIDTests {
  let uuid = ThriftUUID(high: 0x0011_2233_4455_6677, low: 0x8899_AABB_CCDD_EEFF)

  @Test("the canonical text is read in either case, with or without braces, and written in lower case")
  func text() {
    #expect(uuid.description == "00112233-4455-6677-8899-aabbccddeeff")
    #expect(ThriftUUID("00112233-4455-6677-8899-aabbccddeeff") == uuid)
    #expect(ThriftUUID("00112233-4455-6677-8899-AABBCCDDEEFF") == uuid)
    #expect(ThriftUUID("{00112233-4455-6677-8899-aabbccddeeff}") == uuid)
    #expect(ThriftUUID().description == "00000000-0000-0000-0000-000000000000")
  }

  @Test(
    "everything else is no uuid",
    arguments: [
      "", "{}", "-", "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeeff0",
      "00112233445566778899aabbccddeeff", "00112233-4455-6677-8899-aabbccddeefg",
      "0011223-34455-6677-8899-aabbccddeeff",
      " 00112233-4455-6677-8899-aabbccddeeff", "00112233-4455-6677-8899-aabbccddeeff}",
      "{00112233-4455-6677-8899-aabbccddeeff", "00112233_4455_6677_8899_aabbccddeeff",
      "00112233-4455-6677-8899-aabbccddee+f", "００112233-4455-6677-8899-aabbccddeeff",
    ])
  func malformed(text: String) {
    #expect(ThriftUUID(text) == nil)
  }

  @Test("its bytes are in network order")
  func bytes() {
    #expect(uuid.bytes.hex == "00112233445566778899aabbccddeeff")
    #expect(ThriftUUID(bytes: uuid.bytes) == uuid)
    #expect(ThriftUUID(bytes: uuid.bytes.dropLast()) == nil)
    #expect(ThriftUUID(bytes: uuid.bytes + [0]) == nil)
  }

  @Test("a random one says version 4 and the standard variant")
  func random() {
    for _ in 0..<100 {
      let text = Array(ThriftUUID.random().description)
      #expect(text[14] == "4")
      #expect("89ab".contains(text[19]))
    }
    #expect(ThriftUUID.random() != ThriftUUID.random())
  }
}
