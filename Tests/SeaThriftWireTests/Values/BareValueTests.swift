import SeaThriftWire
import Testing

@Suite("Values alone in memory")
struct BareValueTests {
  private static let uuid = ThriftUUID(high: 0x0011_2233_4455_6677, low: 0x8899_AABB_CCDD_EEFF)

  private func check<Value: ThriftElement & Equatable>(_ value: Value, _ format: ThriftFormat) throws {
    let bytes = try value.thriftBytes(format)
    #expect(try Value(thriftBytes: bytes, format) == value, "\(format)")
    // Behind it comes something else.
    var consumed = -1
    let rest = bytes + (format == .json ? Array(",1]".utf8) : [0xFF, 0xFF])
    #expect(try Value(prefixOf: rest, format, consumed: &consumed) == value)
    #expect(consumed == bytes.count)
    #expect(throws: CodecError.self) { try Value(thriftBytes: rest, format) }
    for count in 0..<bytes.count {
      var consumed = -1
      guard (try? Value(prefixOf: bytes[..<count], format, consumed: &consumed)) == nil else {
        // Digits that are cut are a number as well.
        #expect(format == .json)
        continue
      }
      #expect(consumed == -1)
    }
  }

  static let everyFormat = ThriftFormat.allCases

  @Test("are scalars, containers, structs and enums, in every protocol", arguments: everyFormat)
  func roundTrip(format: ThriftFormat) throws {
    try check(true, format)
    try check(Int8.min, format)
    try check(Int16(-300), format)
    try check(Int32(70_000), format)
    try check(Int64.min, format)
    try check(-0.5, format)
    try check("héllo", format)
    try check([UInt8]([0, 255, 7]), format)
    try check([Int32](), format)
    try check([1, 2, 3] as [Int32], format)
    try check(["a", ""], format)
    try check([[UInt8]([1]), []], format)
    try check([[[1], []], []] as [[[Int64]]], format)
    try check(Set([1, 2] as [Int16]), format)
    try check(["a": [1.5], "b": []], format)
    try check([1: ["x": true]] as [Int8: [String: Bool]], format)
    try check([true, false], format)
    try check([Color.blue, Color(rawValue: 99)], format)
    try check([Color.blue: Tree(1)], format)
    try check([Tree(1, [Tree(2)]), Tree(3)], format)
    try check([Sample.full(in: format)], format)
    if format != .compact2 { try check([Self.uuid], format) }
  }

  @Test("are the bytes that a field would hold")
  func bytes() throws {
    #expect(try ([1, 2] as [Int32]).thriftBytes().hex == "08000000020000000100000002")
    #expect(try ([1, 2] as [Int32]).thriftBytes(.compact).hex == "250204")
    #expect(String(decoding: try ([1, 2] as [Int32]).thriftBytes(.json), as: UTF8.self) == #"["i32",2,1,2]"#)
    #expect(try ["a": true].thriftBytes(.compact).hex == "01" + "81" + "0161" + "01")
    #expect(try [UInt8]([1, 2]).thriftBytes().hex == "000000020102")
    #expect(try Set([7 as UInt8]).thriftBytes().hex == "030000000107")
    #expect(try Int64(300).thriftBytes(.compact).hex == "d804")
  }

  @Test("integers of another size are read when they fit, other elements are an error")
  func sizes() throws {
    let shorts = try ([1, -2] as [Int16]).thriftBytes()
    #expect(try [Int64](thriftBytes: shorts) == [1, -2])
    #expect(try [Color](thriftBytes: shorts).map(\.rawValue) == [1, -2])
    #expect(throws: CodecError.self) { try [Int8](thriftBytes: ([300] as [Int16]).thriftBytes()) }
    #expect(throws: CodecError.self) { try [String](thriftBytes: shorts) }
    #expect(throws: CodecError.self) { try [Int32: Int32](thriftBytes: ["a": 1 as Int32].thriftBytes()) }
  }

  @Test("limits hold")
  func limits() throws {
    let limits = WireLimits(maxStringBytes: 3, maxContainerElements: 2)
    #expect(throws: CodecError.self) { try "long".thriftBytes(limits: limits) }
    #expect(throws: CodecError.self) { try [Int32](thriftBytes: [1, 2, 3].thriftBytes(), limits: limits) }
    #expect(throws: CodecError.self) { try [Int32](thriftBytes: [UInt8](hex: "08 7fffffff 00000001")) }
    let small = WireLimits(maxMessageBytes: 8)
    #expect(throws: CodecError.self) { try [Int32](thriftBytes: [UInt8](repeating: 0, count: 9), limits: small) }
  }

  // MARK: The front of bytes

  /// As Parquet has it: headers in the compact protocol that do not say how long they are, each before a page of data.
  @Test("headers of pages are read from a file, one after the other")
  func pages() throws {
    let pages: [[UInt8]] = [[1, 2, 3], [], [UInt8](repeating: 9, count: 300)]
    var file: [UInt8] = Array("PAR1".utf8)
    for (number, page) in pages.enumerated() {
      var header = Sample()
      header.int = Int32(page.count)
      header.text = "page \(number)"
      file += try header.thriftBytes(.compact) + page
    }
    var rest = file.dropFirst(4)
    var found: [[UInt8]] = []
    while !rest.isEmpty {
      var size = 0
      let header = try Sample(prefixOf: rest, .compact, consumed: &size)
      #expect(header.text == "page \(found.count)")
      let page = rest.dropFirst(size).prefix(Int(header.int ?? 0))
      found.append(Array(page))
      rest = rest[page.endIndex...]
    }
    #expect(found == pages)
  }

  @Test("of a file larger than a message, the value alone counts", arguments: [ThriftFormat.binary, .compact, .json])
  func largeFile(format: ThriftFormat) throws {
    let bytes = try Sample.full.thriftBytes(format)
    let limits = WireLimits(maxMessageBytes: bytes.count)
    let file = bytes + [UInt8](repeating: 0, count: 1_000)
    var size = 0
    #expect(try Sample(prefixOf: file, format, limits: limits, consumed: &size) == .full)
    #expect(size == bytes.count)
    size = 5
    let tooSmall = WireLimits(maxMessageBytes: bytes.count - 1)
    let error = #expect(throws: CodecError.self) {
      try Sample(prefixOf: file, format, limits: tooSmall, consumed: &size)
    }
    #expect(error?.code == .sizeLimitExceeded && size == 5)
  }

  @Test("any collection of bytes will do, in one piece or not")
  func collections() throws {
    let bytes = try Tree(1, [Tree(2)]).thriftBytes()
    var size = 0
    #expect(try Tree(prefixOf: bytes.lazy.map { $0 }, consumed: &size) == Tree(1, [Tree(2)]))
    #expect(try bytes.withUnsafeBytes { try Tree(prefixOf: $0, consumed: &size) } == Tree(1, [Tree(2)]))
    #expect(size == bytes.count)
    #expect(throws: CodecError.self) { try Tree(prefixOf: EmptyCollection(), consumed: &size) }
  }
}
