/// A `uuid` of the IDL: 16 bytes in network order.
@frozen
public struct ThriftUUID: Hashable, Sendable {
  /// The first eight bytes, as a big-endian number.
  public var high: UInt64
  /// The last eight bytes, as a big-endian number.
  public var low: UInt64

  /// Creates the identifier of the given halves; all zero by default.
  @inlinable
  public init(high: UInt64 = 0, low: UInt64 = 0) {
    self.high = high
    self.low = low
  }

  /// Creates the identifier of exactly 16 bytes in network order; `nil` for any other number of bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    let halves = bytes.reduce(into: (high: UInt64(0), low: UInt64(0))) { halves, byte in
      halves.high = halves.high << 8 | halves.low >> 56
      halves.low = halves.low << 8 | UInt64(byte)
    }
    self.init(high: halves.high, low: halves.low)
  }

  /// The 16 bytes in network order.
  public var bytes: [UInt8] {
    [high, low].flatMap { half in
      stride(from: 56, through: 0, by: -8).map { (shift: Int) in UInt8(truncatingIfNeeded: half >> shift) }
    }
  }

  /// A random identifier (RFC 9562 version 4).
  public static func random(using generator: inout some RandomNumberGenerator) -> Self {
    Self(
      high: generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000,
      low: generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
  }

  /// A random identifier (RFC 9562 version 4) from the system's generator.
  public static func random() -> Self {
    var generator = SystemRandomNumberGenerator()
    return random(using: &generator)
  }
}
