/// What a server answers when a call fails in a way that the method does not declare (Apache's `TApplicationException`).
public struct ApplicationException: Error, Hashable, Sendable {
  /// Why the call failed; numbers without a name are kept.
  public struct Kind: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: Int32

    /// Creates the kind with the given number, known or not.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// Nothing more is known.
    public static let unknown = Self(rawValue: 0)
    /// The service has no such method.
    public static let unknownMethod = Self(rawValue: 1)
    /// The message is not of the type that is expected here.
    public static let invalidMessageType = Self(rawValue: 2)
    /// The reply names another method than the request.
    public static let wrongMethodName = Self(rawValue: 3)
    /// The reply has another sequence number than the request.
    public static let badSequenceID = Self(rawValue: 4)
    /// The reply holds neither a result nor an exception.
    public static let missingResult = Self(rawValue: 5)
    /// The handler failed.
    public static let internalError = Self(rawValue: 6)
    /// The arguments cannot be read.
    public static let protocolError = Self(rawValue: 7)
    /// The peer does not know a transformation of the payload.
    public static let invalidTransform = Self(rawValue: 8)
    /// The peer does not know the protocol.
    public static let invalidProtocol = Self(rawValue: 9)
    /// The peer does not serve this kind of client.
    public static let unsupportedClientType = Self(rawValue: 10)
    /// The peer has too much to do and did not begin the call; the number is fbthrift's.
    public static let loadShedding = Self(rawValue: 11)
  }

  /// Why the call failed: what the caller can go by.
  public var kind: Kind
  /// What the server says about it, for people; may be empty.
  public var message: String

  /// Creates an exception; the peer is sent the message as it is.
  public init(_ kind: Kind, _ message: String = "") {
    self.kind = kind
    self.message = message
  }
}

extension ApplicationException.Kind: CustomStringConvertible {
  private static let names = [
    "unknown", "unknownMethod", "invalidMessageType", "wrongMethodName", "badSequenceID", "missingResult",
    "internalError", "protocolError", "invalidTransform", "invalidProtocol", "unsupportedClientType", "loadShedding",
  ]

  /// The name of the kind as it is spelled in Swift, or its number.
  public var description: String {
    let index = Int(rawValue)
    return Self.names.indices.contains(index) ? Self.names[index] : "kind \(rawValue)"
  }
}
