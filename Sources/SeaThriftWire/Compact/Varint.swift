// Numbers of seven bits a byte, the lowest first; a byte above 127 says that more follow.

extension WireOutput {
  /// Stores a number, for which there must be room (5 bytes for 32 bits, 10 for 64), and moves on.
  @inlinable @inline(__always)
  mutating func putVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      put(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    put(UInt8(truncatingIfNeeded: rest))
  }

  /// Stores a signed number of up to 32 bits: small ones of either sign are short.
  @inlinable @inline(__always)
  mutating func putZigzag(_ value: Int32) {
    putVarint(UInt64(UInt32(bitPattern: value << 1 ^ value >> 31)))
  }

  /// Stores a signed number of 64 bits.
  @inlinable @inline(__always)
  mutating func putZigzag(_ value: Int64) { putVarint(UInt64(bitPattern: value << 1 ^ value >> 63)) }
}

extension WireInput {
  /// Takes a number of 32 bits, in at most 5 bytes.
  @inlinable @inline(__always)
  mutating func takeVarint32() throws(CodecError) -> UInt32 {
    if cursor < end {
      let byte = cursor.load(as: UInt8.self)
      if byte < 0x80 {
        cursor += 1
        return UInt32(byte)
      }
    }
    return UInt32(truncatingIfNeeded: try takeLongVarint(bits: 32))
  }

  /// Takes a number of 64 bits, in at most 10 bytes.
  @inlinable @inline(__always)
  mutating func takeVarint64() throws(CodecError) -> UInt64 {
    if cursor < end {
      let byte = cursor.load(as: UInt8.self)
      if byte < 0x80 {
        cursor += 1
        return UInt64(byte)
      }
    }
    return try takeLongVarint(bits: 64)
  }

  /// Takes a signed number of 32 bits.
  @inlinable @inline(__always)
  mutating func takeZigzag32() throws(CodecError) -> Int32 {
    let value = try takeVarint32()
    return Int32(bitPattern: value >> 1) ^ -Int32(bitPattern: value & 1)
  }

  /// Takes a signed number of 64 bits.
  @inlinable @inline(__always)
  mutating func takeZigzag64() throws(CodecError) -> Int64 {
    let value = try takeVarint64()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  @inline(never) @usableFromInline
  mutating func takeLongVarint(bits: Int) throws(CodecError) -> UInt64 {
    guard let (value, size) = try rest.varint(at: 0, bits: bits) else { throw missing(1) }
    cursor += size
    return value
  }
}

extension UnsafeRawBufferPointer {
  /// The number that begins at `offset`, and its size; `nil` when it does not end in these bytes.
  ///
  /// - Throws: ``CodecError`` when it has more bytes than `bits` need, or a value that they cannot express.
  func varint(at offset: Int, bits: Int) throws(CodecError) -> (value: UInt64, size: Int)? {
    let most = (bits + 6) / 7
    var value: UInt64 = 0
    var size = 0
    while size < most {
      guard offset + size < count else { return nil }
      let byte = UInt64(self[offset + size])
      let shift = UInt64(size * 7)
      value |= (byte & 0x7F) &<< shift
      size += 1
      if byte & 0x80 != 0 { continue }
      if size == most, (byte & 0x7F) >> (UInt64(bits) - shift) != 0 { break }
      return (value, size)
    }
    throw CodecError(.invalidData, "a number of \(bits) bits has more than \(most) bytes or too large a value")
  }
}
