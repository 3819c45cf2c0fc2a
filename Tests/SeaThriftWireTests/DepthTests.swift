import SeaThriftWire
import Testing

@Suite struct DepthTests {
  private func code(_ body: () throws -> Void) -> CodecError.Code? {
    #expect(throws: CodecError.self, performing: body)?.code
  }

  private func lists(_ levels: Int) -> ThriftValue {
    (1..<levels).reduce(.list(.i32, [.i32(7)])) { value, _ in .list(.list, [value]) }
  }

  private func structs(_ levels: Int) -> ThriftValue {
    (1..<levels).reduce(.structure([])) { value, _ in .structure([.init(id: 9, value: value)]) }
  }

  @Test("64 structs in one another are written and read, 65 are not, by default", arguments: ThriftFormat.all)
  func known(format: ThriftFormat) throws {
    let deepest = Tree(levels: 64)
    let bytes = try deepest.thriftBytes(format)
    #expect(try Tree(thriftBytes: bytes, format) == deepest)
    #expect(code { _ = try Tree(levels: 65).thriftBytes(format) } == .depthLimitExceeded)
    let deeper = try Tree(levels: 65).thriftBytes(format, limits: WireLimits(maxDepth: 65))
    #expect(code { _ = try Tree(thriftBytes: deeper, format) } == .depthLimitExceeded)
    #expect(throws: Never.self) { try Tree(thriftBytes: deeper, format, limits: WireLimits(maxDepth: 65)) }
  }

  @Test("values that are stepped over, or of unknown type, count containers too", arguments: ThriftFormat.all)
  func unknown(format: ThriftFormat) throws {
    let deep = WireLimits(maxDepth: 1000)
    for value in [lists, structs] {
      let fits = try format.write(limits: deep, WriteDynamic(value: .structure([.init(id: 9, value: value(63))])))
      #expect(try Tree(thriftBytes: fits, format) == Tree())
      #expect(throws: Never.self) { try format.read(fits, ReadDynamic()) }
      #expect(throws: Never.self) { try format.write(WriteDynamic(value: format.read(fits, ReadDynamic()).value)) }
      for levels in [64, 70, 900] {
        let value = value(levels)
        let bytes = try format.write(limits: deep, WriteDynamic(value: .structure([.init(id: 9, value: value)])))
        #expect(code { _ = try Tree(thriftBytes: bytes, format) } == .depthLimitExceeded)
        #expect(code { _ = try format.read(bytes, ReadDynamic()) } == .depthLimitExceeded)
        #expect(
          code { _ = try format.write(WriteDynamic(value: .structure([.init(id: 9, value: value)]))) }
            == .depthLimitExceeded)
      }
    }
  }

  @Test("a million levels that are never closed end at the limit")
  func hostile() {
    func nested(_ begin: [UInt8], _ level: [UInt8]) -> [UInt8] {
      var levels = level
      while levels.count < 1_000_000 * level.count { levels += levels }
      return begin + levels
    }
    let structs = nested([], [12, 0, 9])
    let lists = nested([15, 0, 9], [15, 0, 0, 0, 1])
    let maps = nested([13, 0, 9], [13, 13, 0, 0, 0, 1])
    for bytes in [structs, lists, maps] {
      #expect(code { _ = try Tree(thriftBytes: bytes) } == .depthLimitExceeded)
      #expect(code { _ = try ThriftFormat.binary.read(bytes, ReadDynamic()) } == .depthLimitExceeded)
    }
  }
}
