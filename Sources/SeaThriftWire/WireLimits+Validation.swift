extension WireLimits {
  /// A limit outside its range.
  public struct ValidationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of the limit.
    public let field: String
    /// The value it was given.
    public let value: Int
    /// The values it may have.
    public let range: ClosedRange<Int>

    /// The field, its value and its range.
    public var description: String {
      "WireLimits.\(field) is \(value); it must be from \(range.lowerBound) to \(range.upperBound)"
    }
  }

  /// Checks that every limit is in its range: sizes 1 to 2,147,483,647 (what Thrift's sizes can express), depth 1 to
  /// 1,000 (a thread's stack must hold the nesting). Readers and writers clamp limits that were not checked.
  ///
  /// - Throws: the first limit that is out of its range.
  public func validate() throws(ValidationError) {
    try Self.check("maxMessageBytes", maxMessageBytes, Self.sizes)
    try Self.check("maxFrameBytes", maxFrameBytes, Self.sizes)
    try Self.check("maxStringBytes", maxStringBytes, Self.sizes)
    try Self.check("maxContainerElements", maxContainerElements, Self.sizes)
    try Self.check("maxDepth", maxDepth, Self.depths)
    try Self.check("maxHeaderBytes", maxHeaderBytes, Self.sizes)
    try Self.check("maxHeaders", maxHeaders, Self.sizes)
  }

  /// These limits, each moved into its range.
  @inline(__always)
  func clamped() -> Self {
    Self(
      maxMessageBytes: Self.sizes.clamping(maxMessageBytes),
      maxFrameBytes: Self.sizes.clamping(maxFrameBytes),
      maxStringBytes: Self.sizes.clamping(maxStringBytes),
      maxContainerElements: Self.sizes.clamping(maxContainerElements),
      maxDepth: Self.depths.clamping(maxDepth),
      maxHeaderBytes: Self.sizes.clamping(maxHeaderBytes),
      maxHeaders: Self.sizes.clamping(maxHeaders))
  }

  private static let sizes = 1...Int(Int32.max)
  private static let depths = 1...1_000

  private static func check(_ field: String, _ value: Int, _ range: ClosedRange<Int>) throws(ValidationError) {
    guard range.contains(value) else { throw ValidationError(field: field, value: value, range: range) }
  }
}

extension ClosedRange<Int> {
  fileprivate func clamping(_ value: Int) -> Int { Swift.min(Swift.max(value, lowerBound), upperBound) }
}
