/// A protocol of the wire, as a value.
@frozen
public struct ThriftFormat: Hashable, Sendable, Codable {
  @usableFromInline
  enum Kind: String, Codable, Sendable { case binary, compact, json }

  @usableFromInline let kind: Kind

  /// The binary protocol: the fastest, understood by every peer.
  public static let binary = Self(kind: .binary)

  /// The compact protocol: about two thirds of the bytes.
  public static let compact = Self(kind: .compact)

  /// The JSON protocol of Apache Thrift: for peers that speak JSON best. Not made for people.
  public static let json = Self(kind: .json)
}

extension ThriftFormat: CustomStringConvertible {
  /// The name of the protocol.
  public var description: String { kind.rawValue }
}
