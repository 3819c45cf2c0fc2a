import SeaThriftWire
import Testing

@Suite struct JSONScannerTests {
  private func scan(_ text: String, limits: WireLimits = .default) throws -> MessageScanner.Progress {
    var scanner = MessageScanner(.json, limits: limits)
    return try Array(text.utf8).withUnsafeBytes { try scanner.scan($0) }
  }

  @Test("brackets and quotes in strings end nothing")
  func strings() throws {
    let text = #"[1,"]}\"]\\",1,1,{"1":{"str":"}]"}}]"#
    #expect(try scan(text + " []") == .complete(length: text.utf8.count))
    #expect(try scan(" \n" + text) == .complete(length: text.utf8.count + 2))
  }

  @Test(
    "what cannot become a message is refused at once",
    arguments: [
      ("{", CodecError.Code.badVersion), ("GET / HTTP", .badVersion), ("[2", .badVersion), ("[\"1", .badVersion),
      ("[[", .badVersion), ("[1,x", .invalidData), ("[1,\"a\",1,1,{]", .invalidData), ("[1}", .invalidData),
      ("[1,\"a\",true", .invalidData), ("]", .badVersion), ("[]", .badVersion), ("\"", .badVersion),
    ])
  func refused(text: String, expected: CodecError.Code) {
    let error = #expect(throws: CodecError.self) { try scan(text) }
    #expect(error?.code == expected)
  }

  @Test("endless nesting and endless strings end at their limits")
  func limits() {
    let deep = #expect(throws: CodecError.self) { try scan("[1," + String(repeating: "[", count: 5000)) }
    #expect(deep?.code == .depthLimitExceeded)
    let long = #expect(throws: CodecError.self) {
      try scan("[1,\"" + String(repeating: "a", count: 100), limits: WireLimits(maxMessageBytes: 50))
    }
    #expect(long?.code == .sizeLimitExceeded)
  }

  @Test("a message may have exactly as many bytes as its limit")
  func exactLimit() throws {
    let text = #"[1,"a",1,1,{}]"#
    let limits = WireLimits(maxMessageBytes: text.utf8.count)
    #expect(try scan(text, limits: limits) == .complete(length: text.utf8.count))
    let error = #expect(throws: CodecError.self) { try scan(String(text.dropLast()) + " ]", limits: limits) }
    #expect(error?.code == .sizeLimitExceeded)
  }
}
