extension ThriftType {
  /// The type of a number of the compact protocol, 0 to 15, and 16 more in its version 2. Both numbers of a bool are one
  /// type here; a number that means nothing becomes a type that no protocol knows.
  @inlinable
  init(compact number: UInt8) {
    self.init(rawValue: Self.binaryNumber(ofCompact: number))
  }

  @inlinable
  static func binaryNumber(ofCompact number: UInt8) -> UInt8 {
    switch number {
    case 0, 16: 0
    case 1, 2, 17, 18: 2
    case 3, 19: 3
    case 4, 20: 6
    case 5, 21: 8
    case 6, 22: 10
    case 7, 23: 4
    case 8, 24: 11
    case 9, 25: 15
    case 10, 26: 14
    case 11, 27: 13
    case 12, 28: 12
    case 13: 16
    // fbthrift's `float`, by its number there: four bytes, only ever stepped over.
    case 29: 19
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
    case 19: 4
    default: 0
    }
  }

  /// The smallest number of bytes that an element of the type has in the compact protocol; 0 when the type is unknown.
  @inlinable var leastCompactBytes: Int {
    switch rawValue {
    case 2, 3, 6, 8, 10, 11, 12, 13, 14, 15: 1
    case 4: 8
    case 16: 16
    case 19: 4
    default: 0
    }
  }
}
