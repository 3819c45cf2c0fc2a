/// What a method answers on the wire: its result (field 0) or one of the exceptions that it declares.
public protocol ThriftResult: ThriftStruct {
  /// What the method returns; `Void` for one that returns nothing.
  associatedtype Success: Sendable

  /// The answer of a method that returned.
  init(success: Success)

  /// The answer of a method that threw; `nil` when it does not declare the error.
  init?(declared error: any Error)

  /// What the method returned; `nil` when the answer holds neither a result nor an exception.
  ///
  /// - Throws: the declared exception that the answer holds.
  func get() throws -> Success?
}

/// The answer of a oneway method, which is never sent.
public struct OnewayResult: ThriftResult {
  /// The name in messages for people.
  public static var thriftName: String { "OnewayResult" }

  /// Creates the empty answer; all are equal.
  public init() {}

  /// Creates the empty answer, as ``init()`` does.
  public init(success: Void) {}

  /// Always `nil`: a oneway method declares no exceptions.
  public init?(declared error: any Error) { return nil }

  /// Steps over a struct, whatever fields it has.
  public init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {
    try reader.skip(.structure)
  }

  /// Writes a struct without fields.
  public func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.writeStructBegin("OnewayResult")
    try writer.writeFieldStop()
    try writer.writeStructEnd()
  }

  /// Returns at once: a oneway method returns nothing and throws nothing.
  public func get() -> Void? { () }
}
