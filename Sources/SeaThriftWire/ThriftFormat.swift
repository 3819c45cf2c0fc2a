/// A protocol of the wire, as a value.
public struct ThriftFormat: Hashable, Sendable {
  enum Kind: UInt8 { case binary }

  let kind: Kind

  /// The binary protocol: the fastest, understood by every peer.
  public static let binary = Self(kind: .binary)
}

extension ThriftFormat: CustomStringConvertible {
  /// The name of the protocol.
  public var description: String { "\(kind)" }
}
