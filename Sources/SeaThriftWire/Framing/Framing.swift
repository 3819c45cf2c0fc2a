/// How one message is told from the next on a stream of bytes.
@frozen
public struct Framing: Hashable, Sendable, Codable {
  @usableFromInline
  enum Kind: String, Codable, Sendable { case framed, unframed }
  @usableFromInline let kind: Kind

  /// Each message is preceded by its length in 4 bytes, as `TFramedTransport` does.
  @inlinable public static var framed: Self { Self(kind: .framed) }
  /// Messages follow one another with nothing between, as `TBufferedTransport` and `TSocket` do.
  @inlinable public static var unframed: Self { Self(kind: .unframed) }

  @inlinable
  init(kind: Kind) { self.kind = kind }
}

extension Framing: CustomStringConvertible {
  /// The name of the framing.
  public var description: String { kind.rawValue }
}
