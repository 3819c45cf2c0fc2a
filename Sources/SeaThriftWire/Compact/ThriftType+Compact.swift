extension ThriftType {
  /// The type of a number of the compact protocol, 0 to 15. Both numbers of a bool are one type here; a number that
  /// means nothing becomes a type that no protocol knows.
  @inlinable
  init(compact number: UInt8) {
    self.init(rawValue: Self.binaryNumber(ofCompact: number))
  }

  @inlinable
  static func binaryNumber(ofCompact number: UInt8) -> UInt8 {
    switch number {
    case 0: 0
    case 1, 2: 2
    case 3: 3
    case 4: 6
    case 5: 8
    case 6: 10
    case 7: 4
    case 8: 11
    case 9: 15
    case 10: 14
    case 11: 13
    case 12: 12
    case 13: 16
    default: 0x80 | number
    }
  }

  /// The number of the type in the compact protocol, for a bool the one of `true`; 15, which means nothing, when it has
  /// none.
  @inlinable var compactNumber: UInt8 {
    switch rawValue {
    case 0: 0
    case 2: 1
    case 3: 3
    case 4: 7
    case 6: 4
    case 8: 5
    case 10: 6
    case 11: 8
    case 12: 12
    case 13: 11
    case 14: 10
    case 15: 9
    case 16: 13
    default: 15
    }
  }

  /// The number of bytes that every element of the type has in the compact protocol; 0 where they differ or it is
  /// unknown.
  @inlinable var fixedCompactBytes: Int {
    switch rawValue {
    case 2, 3: 1
    case 4: 8
    case 16: 16
    default: 0
    }
  }

  /// The smallest number of bytes that an element of the type has in the compact protocol; 0 when the type is unknown.
  @inlinable var leastCompactBytes: Int {
    switch rawValue {
    case 2, 3, 6, 8, 10, 11, 12, 13, 14, 15: 1
    case 4: 8
    case 16: 16
    default: 0
    }
  }
}
