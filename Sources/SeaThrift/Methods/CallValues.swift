import SeaThriftWire

/// What the interceptors of a call may look at beside its method: made into structs only when they ask.
@usableFromInline
protocol CallValues: Sendable {
  /// The arguments; may throw when they cannot be read.
  var arguments: any ThriftStruct { get throws }
  /// What the interceptor's `next` returned as the method's result struct; nil when it is none.
  func resultStruct(of value: Any) -> (any ThriftStruct)?
}

extension ThriftResult {
  /// The answer of a method that returned `value`; nil when that is not of the method's type.
  static func wrapping(_ value: Any) -> Self? { (value as? Success).map { Self(success: $0) } }
}
