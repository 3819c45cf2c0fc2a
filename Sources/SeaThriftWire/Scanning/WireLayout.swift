/// How a binary format lays out its values: what is needed to find their ends without reading them.
///
/// Offsets may lie beyond the bytes that have arrived. A function that answers `nil` wants more of them.
protocol WireLayout {
  /// The number of bytes that every value of the type has; 0 where they differ or the type is unknown.
  static func fixedBytes(_ type: ThriftType) -> Int

  /// The smallest number of bytes that a value of the type has; 0 when the type is unknown.
  static func leastBytes(_ type: ThriftType) -> Int

  /// The number of bytes of a simple value that has no fixed size (and is no string).
  static func varyingBytes(
    _ type: ThriftType, _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(CodecError) -> Int?

  /// What precedes a field.
  static func field(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(CodecError) -> FieldStep?

  /// The length of a string, and the number of bytes that say it.
  static func string(
    _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(CodecError) -> (size: Int, headerBytes: Int)?

  /// What precedes the elements of a list, set or map.
  static func container(
    _ type: ThriftType, _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(CodecError) -> ContainerStep?

  /// Where the body of a message begins.
  static func body(_ bytes: UnsafeRawBufferPointer, limits: WireLimits) throws(CodecError) -> BodyStep
}

/// What precedes a field, or ends a struct.
struct FieldStep {
  /// The type of the value; ``ThriftType/stop`` at the end, ``ThriftType/void`` when the header holds the value.
  var type: ThriftType
  var headerBytes: Int
}

/// What precedes the elements of a container.
struct ContainerStep {
  /// The type of the elements, or the keys.
  var first: ThriftType
  /// The type of the values of a map.
  var second: ThriftType?
  var count: Int
  var headerBytes: Int
}

/// How far the envelope of a message has arrived.
enum BodyStep {
  /// It needs at least so many bytes.
  case needMore(total: Int)
  /// The body begins here, perhaps beyond what has arrived.
  case begins(at: Int)
}
