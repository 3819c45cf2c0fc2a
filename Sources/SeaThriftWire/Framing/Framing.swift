/// How one message is told from the next on a stream of bytes.
public struct Framing: Hashable, Sendable, Codable {
  private enum Kind: String, Codable { case framed, unframed }
  private let kind: Kind

  /// Each message is preceded by its length in 4 bytes, as `TFramedTransport` does.
  public static let framed = Self(kind: .framed)
  /// Messages follow one another with nothing between, as `TBufferedTransport` and `TSocket` do.
  public static let unframed = Self(kind: .unframed)
}

extension Framing: CustomStringConvertible {
  /// The name of the framing.
  public var description: String { kind.rawValue }
}
