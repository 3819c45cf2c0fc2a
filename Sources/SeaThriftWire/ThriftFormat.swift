/// A protocol of Thrift: how values become bytes.
///
/// How messages are told apart on a connection is another choice, the transport: see ``Framing``. Values in any protocol can
/// be stored without a message around them (``ThriftStruct/thriftBytes(_:limits:)``).
@frozen
public struct ThriftFormat: Hashable, Sendable {
  @usableFromInline
  enum Kind: Sendable { case binary, oldBinary, compact, compact2, json }

  @usableFromInline let kind: Kind

  private init(kind: Kind) { self.kind = kind }

  /// The binary protocol: the fastest, understood by every peer.
  public static let binary = Self(kind: .binary)

  /// The binary protocol with messages that have no version, for peers that are older than it. Readers of ``binary``
  /// take such messages too.
  public static let oldBinary = Self(kind: .oldBinary)

  /// The compact protocol: about two thirds of the bytes.
  public static let compact = Self(kind: .compact)

  /// The compact protocol in version 2, which fbthrift speaks: doubles are written the other way about, and there is no
  /// `uuid`.
  public static let compact2 = Self(kind: .compact2)

  /// The JSON protocol of Apache Thrift: for peers that speak JSON best. Not made for people.
  public static let json = Self(kind: .json)
}

extension ThriftFormat: CaseIterable {
  /// All protocols, in the order in which they are declared here.
  public static let allCases: [Self] = [.binary, .oldBinary, .compact, .compact2, .json]
}

extension ThriftFormat: CustomStringConvertible {
  /// The protocol's name, such as `compact`, which ``init(from:)`` reads.
  public var description: String { "\(kind)" }
}

extension ThriftFormat {
  /// Whether messages have no version.
  @usableFromInline var isOld: Bool { kind == .oldBinary }
  var isBinary: Bool { kind == .binary || kind == .oldBinary }
  var isCompact: Bool { kind == .compact || kind == .compact2 }

  /// The same protocol in the version that a message says it is in; as it is when the message says none that is known.
  package func refined(by message: UnsafeRawBufferPointer) -> Self {
    if isBinary, let first = message.first { return first & 0x80 == 0 ? .oldBinary : .binary }
    if isCompact, message.count >= 2, message[0] == CompactLayout.protocolNumber {
      return message[1] & CompactLayout.versionMask == 2 ? .compact2 : .compact
    }
    return self
  }
}

extension ThriftFormat: Codable {
  /// Reads a protocol by its ``description``.
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

  /// Writes the ``description`` as a string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
