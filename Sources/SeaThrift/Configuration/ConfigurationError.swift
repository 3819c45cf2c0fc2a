/// A configuration that cannot work, or an object used before or after its time.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, with the name of the setting, its value and the range.
  public let description: String

  /// Creates an error.
  public init(_ description: String) { self.description = description }
}
