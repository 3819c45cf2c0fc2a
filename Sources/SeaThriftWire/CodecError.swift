/// Bytes that cannot be read as what they claim to be, or a value that cannot be written.
public struct CodecError: Error, Hashable, Sendable {
  /// Why reading or writing failed.
  public struct Code: Hashable, Sendable {
    enum Kind: UInt8 {
      case endOfInput, invalidData, negativeSize, sizeLimitExceeded, depthLimitExceeded, badVersion
      case missingRequiredField, unsupported
    }

    let kind: Kind

    /// The bytes end before the value does; also a size or count that promises more than is left.
    public static let endOfInput = Self(kind: .endOfInput)
    /// Bytes that mean nothing: an unknown type, text that is not UTF-8, a malformed number.
    public static let invalidData = Self(kind: .invalidData)
    /// A size, count or length below zero.
    public static let negativeSize = Self(kind: .negativeSize)
    /// A message, text or container larger than ``WireLimits`` allow.
    public static let sizeLimitExceeded = Self(kind: .sizeLimitExceeded)
    /// Values nested deeper than ``WireLimits/maxDepth``.
    public static let depthLimitExceeded = Self(kind: .depthLimitExceeded)
    /// A message that is not of the expected protocol or version.
    public static let badVersion = Self(kind: .badVersion)
    /// A field that the IDL calls required is not there.
    public static let missingRequiredField = Self(kind: .missingRequiredField)
    /// Something legal that this library does not do.
    public static let unsupported = Self(kind: .unsupported)
  }

  /// Why reading or writing failed: what programs go by.
  public let code: Code
  /// What exactly was wrong, for people.
  public let message: String

  /// Creates an error; the message is for people, and may be sent to the peer.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension CodecError: CustomStringConvertible {
  /// The code and the message.
  public var description: String { "\(code): \(message)" }
}

extension CodecError.Code: CustomStringConvertible {
  /// The name of the code as it is spelled in Swift.
  public var description: String { "\(kind)" }
}
