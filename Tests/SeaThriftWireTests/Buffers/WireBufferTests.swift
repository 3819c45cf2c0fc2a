import SeaThriftWire
import Testing

@Suite struct WireBufferTests {
  @Test("nothing is allocated until something is appended")
  func laziness() {
    var buffer = WireBuffer()
    #expect(buffer.capacity == 0)
    #expect(buffer.count == 0)
    #expect(buffer.bytes == [])
    buffer.append([])
    #expect(buffer.capacity == 0)
    buffer.append([1])
    #expect(buffer.capacity > 0)
  }

  @Test("bytes come out in the order in which they went in")
  func order() {
    var buffer = WireBuffer()
    var expected: [UInt8] = []
    var next: UInt8 = 0
    for round in 0..<1000 {
      let added = (0..<(round * 7 % 23)).map { _ in
        next &+= 1
        return next
      }
      buffer.append(added)
      expected += added
      let taken = min(expected.count, round * 5 % 19)
      #expect(Array(buffer.bytes.prefix(taken)) == Array(expected.prefix(taken)))
      buffer.consume(taken)
      expected.removeFirst(taken)
      #expect(buffer.count == expected.count)
    }
    #expect(buffer.bytes == expected)
  }

  @Test("a buffer that is consumed as it is filled does not grow")
  func reuse() {
    var buffer = WireBuffer(capacity: 256)
    for _ in 0..<10_000 {
      buffer.append([UInt8](repeating: 1, count: 100))
      buffer.consume(99)
      buffer.consume(1)
    }
    #expect(buffer.capacity == 256)
    buffer.append([1, 2, 3])
    for _ in 0..<10_000 {
      buffer.append([UInt8](repeating: 1, count: 50))
      buffer.consume(50)
    }
    #expect(buffer.count == 3)
    #expect(buffer.capacity == 256)
  }

  @Test("more than there is cannot be consumed, nor fewer than nothing")
  func consumingTooMuch() {
    var buffer = WireBuffer()
    buffer.append([1, 2, 3])
    buffer.consume(-1)
    #expect(buffer.count == 3)
    buffer.consume(4)
    #expect(buffer.count == 0)
  }

  @Test("memory is written straight into, and then readable")
  func writing() {
    var buffer = WireBuffer()
    buffer.append([1])
    buffer.reserve(100)
    #expect(buffer.writableBytes.count >= 100)
    buffer.writableBytes[0] = 2
    buffer.writableBytes[1] = 3
    buffer.didWrite(2)
    #expect(buffer.bytes == [1, 2, 3])
  }

  @Test("bytes that are there are replaced, after some were consumed too")
  func overwriting() {
    var buffer = WireBuffer()
    buffer.append([9, 0, 0, 0, 0, 5])
    buffer.consume(1)
    buffer.overwrite(at: 0, bigEndian: UInt32(0x0102_0304))
    #expect(buffer.bytes == [1, 2, 3, 4, 5])
    [UInt8](arrayLiteral: 8, 9).withUnsafeBytes { buffer.overwrite(at: 3, $0) }
    #expect(buffer.bytes == [1, 2, 3, 8, 9])
  }

  @Test("numbers are appended in network order, sequences without storage too")
  func appending() {
    var buffer = WireBuffer()
    buffer.append(bigEndian: UInt16(0x0102))
    buffer.append(bigEndian: Int32(-2))
    buffer.append((3...5).lazy.map { UInt8($0) })
    #expect(buffer.bytes == [1, 2, 0xFF, 0xFF, 0xFF, 0xFE, 3, 4, 5])
    buffer.truncate(to: 2)
    #expect(buffer.bytes == [1, 2])
    buffer.truncate(to: 5)
    #expect(buffer.bytes == [1, 2])
  }

  @Test("memory is given back, but not what is readable")
  func shrinking() {
    var buffer = WireBuffer(capacity: 1000)
    buffer.append([1, 2, 3])
    buffer.consume(1)
    buffer.shrink(to: 10)
    #expect(buffer.capacity == 10)
    #expect(buffer.bytes == [2, 3])
    buffer.shrink()
    #expect(buffer.capacity == 2)
    buffer.removeAll()
    #expect(buffer.capacity == 2)
    buffer.append([1])
    buffer.removeAll(keepingCapacity: false)
    #expect(buffer.capacity == 0)
    buffer.append([7])
    #expect(buffer.bytes == [7])
  }
}
