extension ThriftType {
  /// The number of bytes that every value of the type has in the binary protocol; 0 where they differ or it is unknown.
  @inlinable var fixedBinaryBytes: Int {
    switch rawValue {
    case 2, 3: 1
    case 6: 2
    case 8: 4
    case 4, 10: 8
    case 16: 16
    default: 0
    }
  }

  /// The smallest number of bytes that a value of the type has in the binary protocol; 0 when the type is unknown.
  @inlinable var leastBinaryBytes: Int {
    switch rawValue {
    case 2, 3, 12: 1
    case 6: 2
    case 8, 11: 4
    case 14, 15: 5
    case 13: 6
    case 4, 10: 8
    case 16: 16
    default: 0
    }
  }
}
