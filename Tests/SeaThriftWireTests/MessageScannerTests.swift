import SeaThriftWire
import Testing

/// A call of the given name, with any struct as its arguments.
private struct Message<Value: ThriftStruct>: WriterTask {
  let name: String
  let value: Value

  func run<Writer: ThriftWriter & ~Copyable>(_ writer: inout Writer) throws {
    try writer.writeMessageBegin(name, .call, 7)
    try writer.write(value)
    try writer.writeMessageEnd()
  }
}

@Suite struct MessageScannerTests {
  /// A message as it is on the wire, of this library's writer.
  static func message(_ name: String, _ value: some ThriftStruct, _ format: ThriftFormat) throws -> [UInt8] {
    return try format.write(Message(name: name, value: value))
  }

  private func scan(_ scanner: inout MessageScanner, _ bytes: some Collection<UInt8>) throws -> MessageScanner.Progress
  {
    try Array(bytes).withUnsafeBytes { try scanner.scan($0) }
  }

  @Test("the end of a message is found when all of it is there, and not what follows", arguments: ThriftFormat.all)
  func whole(format: ThriftFormat) throws {
    for message in [try Self.message("", Tree(), format), try Self.message("näme", Sample.full, format)] {
      var scanner = MessageScanner(format)
      #expect(try scan(&scanner, message) == .complete(length: message.count))
      var second = MessageScanner(format)
      #expect(try scan(&second, message + message) == .complete(length: message.count))
    }
  }

  @Test("a message cut in two anywhere is complete with the second piece", arguments: ThriftFormat.all)
  func cutInTwo(format: ThriftFormat) throws {
    let message = try Self.message("add", Sample.full, format)
    for cut in 0..<message.count {
      var scanner = MessageScanner(format)
      guard case .needMore(let total) = try scan(&scanner, message.prefix(cut)) else {
        Issue.record("complete at \(cut)")
        continue
      }
      #expect(total > cut && total <= message.count, "cut at \(cut)")
      #expect(try scan(&scanner, message) == .complete(length: message.count))
    }
  }

  @Test("a message that comes byte by byte is complete with its last byte", arguments: ThriftFormat.all)
  func byteByByte(format: ThriftFormat) throws {
    var trees = Tree(levels: 64)
    for level in 0..<20 { trees.kids.append(Tree(Int32(level), [Tree(1), Tree(2)])) }
    for message in [try Self.message("add", Sample.full, format), try Self.message("t", trees, format)] {
      var scanner = MessageScanner(format)
      for length in 0..<message.count {
        if case .complete = try scan(&scanner, message.prefix(length)) { Issue.record("complete at \(length)") }
      }
      #expect(try scan(&scanner, message) == .complete(length: message.count))
    }
  }

  @Test("what is said to be needed never is more than there will be", arguments: ThriftFormat.all)
  func hints(format: ThriftFormat) throws {
    var sample = Sample.full
    sample.data = [UInt8](repeating: 1, count: 10_000)
    let message = try Self.message("add", sample, format)
    var scanner = MessageScanner(format)
    var rounds = 0
    var length = 0
    while case .needMore(let total) = try scan(&scanner, message.prefix(length)) {
      #expect(total > length && total <= message.count)
      length = total
      rounds += 1
    }
    #expect(length == message.count)
    // Where a string of JSON ends cannot be known before it is there.
    if format != .json { #expect(rounds < 200) }
  }

  @Test("old messages without a version are found too")
  func oldMessages() throws {
    let message = [UInt8](hex: "00000003616464 01 00000007 08000100000001 00")
    for cut in 0...message.count {
      var scanner = MessageScanner(.binary)
      _ = try scan(&scanner, message.prefix(cut))
      #expect(try scan(&scanner, message + [1, 2, 3]) == .complete(length: message.count))
    }
  }

  @Test(
    "what cannot become a message is refused with the first bytes that show it",
    arguments: [
      ("81", CodecError.Code.badVersion), ("ff", .badVersion), ("8002", .badVersion), ("80020001", .badVersion),
      ("80010001ffffffff", .negativeSize), ("80010001 7fffffff", .sizeLimitExceeded), ("47455420", .sizeLimitExceeded),
      ("16030100", .sizeLimitExceeded), ("80010001 00000000 00000000 07", .invalidData),
    ])
  func refusedBinary(hex: String, expected: CodecError.Code) {
    var scanner = MessageScanner(.binary)
    let bytes = [UInt8](hex: hex)
    let error = #expect(throws: CodecError.self) {
      try scan(&scanner, bytes + (expected == .invalidData ? [0, 1] : []))
    }
    #expect(error?.code == expected)
  }

  @Test(
    "hostile bodies are refused before they are waited for",
    arguments: [
      ("0b0001 ffffffff", CodecError.Code.negativeSize), ("0b0001 7fffffff", .sizeLimitExceeded),
      ("0f0001 08ffffffff", .negativeSize), ("0f0001 0a7fffffff", .sizeLimitExceeded),
      ("0f0001 0c7fffffff", .sizeLimitExceeded), ("0f0001 0000000001", .invalidData),
      ("0d0001 0b0100000001", .invalidData), ("0d0001 0b0b7fffffff", .sizeLimitExceeded),
      ("110001", .invalidData),
    ])
  func hostileBodies(hex: String, expected: CodecError.Code) {
    var scanner = MessageScanner(.binary)
    let error = #expect(throws: CodecError.self) {
      try scan(&scanner, [UInt8](hex: "80010001 00000000 00000000" + hex))
    }
    #expect(error?.code == expected || expected == .sizeLimitExceeded && error?.code == .endOfInput)
  }

  @Test("a message larger than the limit is refused, one as large is not")
  func messageLimit() throws {
    let message = try Self.message("add", Sample.full, .binary)
    var exact = MessageScanner(.binary, limits: WireLimits(maxMessageBytes: message.count))
    #expect(try scan(&exact, message) == .complete(length: message.count))
    var small = MessageScanner(.binary, limits: WireLimits(maxMessageBytes: message.count - 1))
    let error = #expect(throws: CodecError.self) { try scan(&small, message) }
    #expect(error?.code == .sizeLimitExceeded)
  }

  @Test("endless nesting is refused, the deepest value that a reader accepts is not", arguments: ThriftFormat.all)
  func depth(format: ThriftFormat) throws {
    let deepest = try Self.message("t", Tree(levels: 64), format)
    var scanner = MessageScanner(format)
    #expect(try scan(&scanner, deepest) == .complete(length: deepest.count))
    if format != .binary { return }
    for level in ["0c0001", "0f00000001"] {
      var scanner = MessageScanner(.binary)
      let begin = level == "0c0001" ? "" : "0f0001"
      let hex = "80010001 00000000 00000000" + begin + String(repeating: level, count: 2_000)
      let error = #expect(throws: CodecError.self) { try scan(&scanner, [UInt8](hex: hex)) }
      #expect(error?.code == .depthLimitExceeded)
    }
  }
}
