/// What a message is: a request, its reply, or a request that gets none.
@frozen
public struct MessageType: RawRepresentable, Hashable, Sendable {
  /// The number of the type on the wire.
  public let rawValue: UInt8

  /// Creates the type with the given number, known or not.
  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A request that expects a reply.
  @inlinable public static var call: Self { Self(rawValue: 1) }
  /// The reply of a method: its result or an exception that it declares.
  @inlinable public static var reply: Self { Self(rawValue: 2) }
  /// The reply to a call that failed otherwise: an ``ApplicationException``.
  @inlinable public static var exception: Self { Self(rawValue: 3) }
  /// A request that gets no reply.
  @inlinable public static var oneway: Self { Self(rawValue: 4) }
}

/// The envelope of a message: which method, which kind of message, and the number that pairs a reply with its request.
@frozen
public struct MessageHeader: Hashable, Sendable {
  /// The method's name, with the service's name and a colon before it when the connection is multiplexed.
  public var name: String
  /// What kind of message follows.
  public var type: MessageType
  /// The number that a reply repeats; any 32-bit value.
  public var sequenceID: Int32

  /// Creates an envelope; the length of the name is checked when it is written.
  @inlinable
  public init(name: String, type: MessageType, sequenceID: Int32) {
    self.name = name
    self.type = type
    self.sequenceID = sequenceID
  }
}

/// What precedes each field of a struct: the type of its value and its number in the IDL.
@frozen
public struct FieldHeader: Hashable, Sendable {
  /// The type of the value; ``ThriftType/stop`` after the last field. It is not checked: ``ThriftReader/skip(_:)`` does.
  public var type: ThriftType
  /// The number of the field in the IDL; 0 after the last field.
  public var id: Int16

  /// Creates a header; nothing is checked.
  @inlinable
  public init(type: ThriftType, id: Int16) {
    self.type = type
    self.id = id
  }
}
