import SeaThriftTime
import Testing

@testable import SeaThriftWire

@Suite("Short text")
struct ShortTextTests {
  @Test("the standard library lays out short strings as they are put together")
  func layout() {
    #expect(ShortText.isLayoutKnown)
  }

  @Test("every length and byte makes the string that the standard library makes", arguments: 0..<16)
  func everyLength(_ count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(count))
    for _ in 0..<500 {
      let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) & 127 }
      let made = try #require(bytes.withUnsafeBytes { ShortText.make($0.baseAddress ?? .init(bitPattern: 16)!, count) })
      let real = String(decoding: bytes, as: UTF8.self)
      #expect(made == real && Array(made.utf8) == bytes && made.hashValue == real.hashValue)
      #expect(made + "x" == real + "x")
    }
  }

  @Test("text that is not ASCII or not short is left to the standard library")
  func others() {
    for text in ["é", "naïve", "1234567890123é", "1234567890123456"] {
      var text = text
      text.withUTF8 { #expect(ShortText.make($0.baseAddress!, $0.count) == nil) }
    }
  }
}
