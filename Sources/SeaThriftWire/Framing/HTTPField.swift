/// The fields of a message of HTTP: names, values, and those that the message itself needs.
enum HTTPField {
  /// Fields that are not the user's to set.
  private static let own: Set<String> = [
    "host", "content-type", "accept", "content-length", "transfer-encoding", "connection", "expect", "trailer",
    "upgrade", "te",
  ]

  /// Checks that a field can be sent.
  static func check(_ name: String, _ value: String) throws(CodecError) {
    guard !name.isEmpty, name.utf8.allSatisfy(\.isHTTPToken) else {
      throw CodecError(.invalidData, "\"\(name)\" cannot be the name of a header of HTTP")
    }
    guard !own.contains(name.lowercased()) else {
      throw CodecError(.invalidData, "the header \"\(name)\" of HTTP is not the caller's to set")
    }
    guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
      throw CodecError(.invalidData, "the header \"\(name)\" of HTTP cannot have a value with control characters")
    }
  }
}

extension UInt8 {
  /// Whether this may stand in a method or in the name of a field.
  var isHTTPToken: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(self)
    }
  }

  /// Whether this is white space within a line.
  var isHTTPSpace: Bool { self == 0x20 || self == 0x09 }
}

/// The answers of HTTP that a server gives to what it cannot take.
struct HTTPStatus: Hashable, Sendable {
  let code: Int
  let reason: StaticString

  static let badRequest = Self(code: 400, reason: "Bad Request")
  static let methodNotAllowed = Self(code: 405, reason: "Method Not Allowed")
  static let lengthRequired = Self(code: 411, reason: "Length Required")
  static let contentTooLarge = Self(code: 413, reason: "Content Too Large")
  static let unsupportedMediaType = Self(code: 415, reason: "Unsupported Media Type")
  static let fieldsTooLarge = Self(code: 431, reason: "Request Header Fields Too Large")
  static let notImplemented = Self(code: 501, reason: "Not Implemented")
  static let versionNotSupported = Self(code: 505, reason: "HTTP Version Not Supported")

  static func == (first: Self, second: Self) -> Bool { first.code == second.code }
  func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
