/// An enum of an IDL. Numbers without a name are values too, so that what a newer peer sends survives.
///
/// A field of default requiredness that was never set holds the number 0. Where the IDL has no value 0, that is "not set"
/// and not written.
public protocol ThriftEnum: ThriftElement, RawRepresentable<Int32>, Hashable, Sendable, CustomStringConvertible,
  CaseIterable
{
  /// The name in the IDL.
  static var thriftName: String { get }

  /// The value of a number, named or not.
  init(rawValue: Int32)

  /// The name that the IDL gives to a number, the first one when it has several.
  static func name(of rawValue: Int32) -> String?
}

extension ThriftEnum {
  /// The value's name in the IDL, or the type's name with the number.
  public var description: String { Self.name(of: rawValue) ?? "\(Self.thriftName)(\(rawValue))" }
}
