/// A protocol of the wire, as a value.
@frozen
public struct ThriftFormat: Hashable, Sendable {
  @usableFromInline
  enum Kind: Sendable { case binary, compact, json }

  @usableFromInline let kind: Kind
  /// Whether messages have no version.
  @usableFromInline let isOld: Bool

  private init(kind: Kind, isOld: Bool = false) {
    self.kind = kind
    self.isOld = isOld
  }

  /// The binary protocol: the fastest, understood by every peer.
  public static let binary = Self(kind: .binary)

  /// The binary protocol with messages that have no version, for peers that are older than it. Readers of ``binary``
  /// take such messages too.
  public static let oldBinary = Self(kind: .binary, isOld: true)

  /// The compact protocol: about two thirds of the bytes.
  public static let compact = Self(kind: .compact)

  /// The JSON protocol of Apache Thrift: for peers that speak JSON best. Not made for people.
  public static let json = Self(kind: .json)
}

extension ThriftFormat: CaseIterable {
  /// Every protocol there is.
  public static let allCases: [Self] = [.binary, .oldBinary, .compact, .json]
}

extension ThriftFormat: CustomStringConvertible {
  /// The name of the protocol.
  public var description: String { isOld ? "oldBinary" : "\(kind)" }
}

extension ThriftFormat: Codable {
  /// Reads the name of a protocol.
  ///
  /// - Throws: `DecodingError` when there is none of that name.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let format = Self.allCases.first(where: { $0.description == name }) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "there is no protocol \"\(name)\"")
    }
    self = format
  }

  /// Writes the name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
