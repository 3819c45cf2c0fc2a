/// What a union holds when it is none of the members that the IDL names: nothing, or a member of a newer IDL, which is
/// kept and written again.
public struct UnknownUnionMember: Hashable, Sendable {
  /// The member's number and value; `nil` when nothing was set.
  public let field: ThriftValue.Field?

  /// Creates a member; without a field, nothing is set.
  public init(_ field: ThriftValue.Field? = nil) { self.field = field }

  /// Nothing is set.
  public static var empty: Self { Self() }

  /// Reads the value of a member, after its header.
  public init<Reader: ThriftReader & ~Copyable>(
    from reader: inout Reader, _ header: FieldHeader
  ) throws(CodecError) {
    field = .init(id: header.id, value: try ThriftValue(from: &reader, type: header.type))
  }

  /// Writes the member as a field, its header included; nothing when nothing is set.
  public func writeField<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    guard let field else { return }
    try writer.writeFieldBegin("unknown", field.value.type, field.id)
    try field.value.write(to: &writer)
    try writer.writeFieldEnd()
  }
}
