import SeaThriftWire

/// Recognises from the first bytes of a connection how its client tells messages apart.
///
/// A strict binary message begins with 0x80, which as the length of a frame would be negative. Old messages begin with
/// the length of their name; read as a frame's length, what follows would be a name's length as well, and letters make
/// that far too large.
enum FramingDetector {
  /// The framing; `nil` when more bytes are needed. Eight are always enough.
  static func detect(_ bytes: UnsafeRawBufferPointer) -> Framing? {
    guard let first = bytes.first else { return nil }
    if first & 0x80 != 0 { return .unframed }
    guard bytes.count >= 8 else { return nil }
    if bytes[4] & 0x80 != 0 { return .framed }
    let size = UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))
    let nameSize = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    return UInt64(nameSize) + 4 <= UInt64(size) ? .framed : .unframed
  }
}
