/// What a client looks like that speaks nothing a server knows, by the first bytes that it sent.
public struct UnrecognisedClient: Hashable, Sendable {
  /// What it probably speaks. More may come: switch over them with a `default`.
  public struct Kind: Hashable, Sendable {
    private enum Name: String { case tls = "TLS", http2 = "HTTP/2", ssh = "SSH", sasl = "SASL", text, unknown }
    private let name: Name

    /// TLS, at a port where the server speaks without.
    public static let tls = Self(name: .tls)
    /// HTTP 2; a server takes HTTP 1.
    public static let http2 = Self(name: .http2)
    /// SSH.
    public static let ssh = Self(name: .ssh)
    /// Apache's `TSaslTransport`, which negotiates a mechanism of SASL before the first message.
    public static let sasl = Self(name: .sasl)
    /// Text of some kind: mail, a terminal, another protocol of lines.
    public static let text = Self(name: .text)
    /// Anything else.
    public static let unknown = Self(name: .unknown)

    /// A name for people.
    public var description: String { name.rawValue }
  }

  /// What it probably speaks.
  public let kind: Kind
  /// What it sent first, at most 16 bytes.
  public let firstBytes: [UInt8]

  /// Guesses; `nil` when what is there may be the beginning of something that a server knows, or is nothing at all.
  public init?(_ bytes: UnsafeRawBufferPointer) {
    guard let kind = Self.kind(of: bytes) else { return nil }
    self.kind = kind
    firstBytes = Array(bytes.prefix(16))
  }

  private static func kind(of bytes: UnsafeRawBufferPointer) -> Kind? {
    guard let first = bytes.first else { return nil }
    if first == 0x16, bytes.count < 2 || bytes[1] == 0x03 { return .tls }
    // The greeting of versions before TLS, which some still send.
    if first == 0x80, bytes.count >= 4, bytes[2] == 1, bytes[3] == 0 || bytes[3] == 3 { return .tls }
    if bytes.starts(with: "PRI * HTTP/2".utf8) { return .http2 }
    if bytes.starts(with: "SSH-".utf8) { return .ssh }
    if isSASL(bytes) { return .sasl }
    if isKnown(bytes) { return nil }
    return bytes.prefix(16).allSatisfy(\.isText) ? .text : .unknown
  }

  /// A status from 1 to 5, a length and, when a negotiation begins, the name of a mechanism.
  private static func isSASL(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= 6, (1...5).contains(bytes[0]), (1...256).contains(bytes.word(at: 1)) else { return false }
    let name = bytes[5..<min(bytes.count, 5 + bytes.word(at: 1))]
    return name.allSatisfy { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 || $0.isDigit || $0 == 0x2D || $0 == 0x5F }
  }

  /// Whether a message of Thrift, a frame around one, or a request of HTTP 1 begins so.
  private static func isKnown(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if isMessage(bytes) || isRequest(bytes) { return true }
    if bytes.count <= 4 { return bytes[0] == 0 }
    let message = UnsafeRawBufferPointer(rebasing: bytes[4...])
    if isMessage(message) || message[0] == 0x0F && (message.count < 2 || message[1] == 0xFF) { return true }
    // A message without version begins with the length of its name, in a frame or without.
    return bytes[0] == 0 && (message[0] == 0 || message[0].isPartOfName)
  }

  private static func isMessage(_ bytes: UnsafeRawBufferPointer) -> Bool {
    switch bytes[0] {
    case 0x80: bytes.count < 2 || bytes[1] == 1
    case 0x82: bytes.count < 2 || (1...2).contains(bytes[1] & CompactLayout.versionMask)
    case UInt8(ascii: "["): true
    default: false
    }
  }

  /// Whether a method and a space come first; of a line that has not come that far, whether they may.
  private static func isRequest(_ bytes: UnsafeRawBufferPointer) -> Bool {
    ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"].contains { method in
      let line = Array("\(method) ".utf8)
      return bytes.starts(with: line) || bytes.count < line.count && line.starts(with: bytes)
    }
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
  /// Whether it is printable ASCII, or what separates lines and words.
  fileprivate var isText: Bool { 0x20..<0x7F ~= self || self == 0x09 || self == 0x0A || self == 0x0D }
}

extension UnrecognisedClient: CustomStringConvertible {
  /// What it looks like, and where that says little its first bytes.
  public var description: String {
    switch kind {
    case .text: return "text that begins with \"\(String(decoding: firstBytes.filter { $0 >= 0x20 }, as: UTF8.self))\""
    case .unknown:
      let bytes = firstBytes.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined(separator: " ")
      return "nothing that is known: \(bytes)"
    default: return kind.description
    }
  }
}

extension UnrecognisedClient.Kind: CustomStringConvertible {}
