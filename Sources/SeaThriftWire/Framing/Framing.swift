/// A transport of Thrift: how one message is told from the next on a connection's stream of bytes.
///
/// What Apache calls a transport is this and the stream below it. How values become bytes is another choice, the protocol:
/// see ``ThriftFormat``. A client says which framing it speaks; a server recognises each client's by its first bytes.
@frozen
public struct Framing: Hashable, Sendable {
  @usableFromInline
  enum Kind: String, CaseIterable, Sendable { case framed, unframed, header, http, framedHeader, httpHeader }
  @usableFromInline let kind: Kind

  /// Each message is preceded by its length in 4 bytes, as `TFramedTransport` does.
  @inlinable public static var framed: Self { Self(kind: .framed) }
  /// Messages follow one another with nothing between, as `TBufferedTransport` and `TSocket` do.
  @inlinable public static var unframed: Self { Self(kind: .unframed) }
  /// Each message is preceded by its length, its protocol and key-value headers, as `THeaderTransport` does. It carries
  /// the binary and the compact protocol.
  @inlinable public static var header: Self { Self(kind: .header) }
  /// Each message is the body of an HTTP 1.1 POST, each reply that of its response, as `THttpClient` does. It carries
  /// key-value headers as those of HTTP.
  @inlinable public static var http: Self { Self(kind: .http) }
  /// A message of ``header`` within one of ``framed``: what Apache's programs do when they are told to use both.
  @inlinable public static var framedHeader: Self { Self(kind: .framedHeader) }
  /// A message of ``header`` within one of ``http``: what Apache's programs do when they are told to use both.
  @inlinable public static var httpHeader: Self { Self(kind: .httpHeader) }

  /// Whether key-value headers travel beside a message.
  @inlinable public var carriesHeaders: Bool { kind != .framed && kind != .unframed }

  @inlinable
  init(kind: Kind) { self.kind = kind }

  /// Whether messages are those of HTTP.
  package var isHTTP: Bool { kind == .http || kind == .httpHeader }
  /// Whether messages are those of `THeaderTransport`, whatever is around them.
  package var hasHeader: Bool { kind == .header || kind == .framedHeader || kind == .httpHeader }
}

extension Framing: CaseIterable {
  /// All framings, in the order in which they are declared here.
  public static var allCases: [Self] { Kind.allCases.map { Self(kind: $0) } }
}

extension Framing: CustomStringConvertible {
  /// The framing's name, such as `framed`, which ``init(from:)`` reads.
  public var description: String { kind.rawValue }
}

extension Framing: Codable {
  /// Reads a framing by its ``description``.
  ///
  /// - Throws: `DecodingError` when there is none of that name.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let kind = Kind(rawValue: name) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "there is no framing \"\(name)\"")
    }
    self.init(kind: kind)
  }

  /// Writes the ``description`` as a string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(kind.rawValue)
  }
}
