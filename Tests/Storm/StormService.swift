import SeaThrift

/// The service of the storm, in the form that the generator writes:
///
///     exception Refusal { 1: i64 id }
///     service Storm {
///       binary work(1: i64 id, 2: i32 milliseconds, 3: i32 size, 4: binary payload) throws (1: Refusal refusal)
///       binary spend(…) throws (…) (idempotent = "false")
///       binary look(…) throws (…) (idempotent = "true")
///     }
enum StormService {
  static let work = MethodDescriptor<StormRequest, StormResult>(service: "Storm", name: "work")
  static let spend = MethodDescriptor<StormRequest, StormResult>(
    service: "Storm", name: "spend", idempotency: .notIdempotent)
  static let look = IdempotentMethod<StormRequest, StormResult>(service: "Storm", name: "look")

  static func service(
    _ work: @escaping @Sendable (StormRequest) async throws -> [UInt8],
    _ spend: @escaping @Sendable (StormRequest) async throws -> [UInt8]
  ) -> ThriftService {
    ThriftService(
      "Storm",
      [ServiceMethod(Self.work, work), ServiceMethod(Self.spend, spend), ServiceMethod(Self.look.descriptor, work)])
  }
}

struct StormRequest: ThriftStruct {
  static var thriftName: String { "arguments" }
  var id: Int64 = 0
  /// How long the handler takes.
  var milliseconds: Int32 = 0
  /// How many bytes the reply has.
  var size: Int32 = 0
  var payload: [UInt8] = []

  init(id: Int64, milliseconds: Int32 = 0, size: Int32 = 0, payload: [UInt8] = []) {
    self.id = id
    self.milliseconds = milliseconds
    self.size = size
    self.payload = payload
  }

  init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {
    try reader.readStructBegin()
    while true {
      let field = try reader.readFieldBegin()
      if field.type == .stop { break }
      switch (field.id, field.type) {
      case (1, .i64): id = try reader.readI64()
      case (2, .i32): milliseconds = try reader.readI32()
      case (3, .i32): size = try reader.readI32()
      case (4, .string): payload = try reader.readBinary()
      default: try reader.skip(field.type)
      }
      try reader.readFieldEnd()
    }
    try reader.readStructEnd()
  }

  func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.writeStructBegin("arguments")
    try writer.writeField("id", 1, id)
    try writer.writeField("milliseconds", 2, milliseconds)
    try writer.writeField("size", 3, size)
    try writer.writeField("payload", 4, payload)
    try writer.writeFieldStop()
    try writer.writeStructEnd()
  }

  /// The one right answer to this request, which is no other request's.
  var answer: [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: id >> (8 * $0)) }
      + [UInt8](repeating: UInt8(truncatingIfNeeded: id), count: max(0, Int(size)))
  }

  /// What stands for an answer that could not be had.
  static let fallback: [UInt8] = []

  /// Whether the payload arrived as it was made by ``payload(for:count:)``.
  var hasItsPayload: Bool { payload == Self.payload(for: id, count: payload.count) }

  static func payload(for id: Int64, count: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(truncatingIfNeeded: id &* 7), count: count)
  }
}

/// The declared exception.
struct Refusal: ThriftException {
  static var thriftName: String { "Refusal" }
  var id: Int64 = 0

  init(id: Int64) { self.id = id }

  init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {
    try reader.readStructBegin()
    while true {
      let field = try reader.readFieldBegin()
      if field.type == .stop { break }
      switch (field.id, field.type) {
      case (1, .i64): id = try reader.readI64()
      default: try reader.skip(field.type)
      }
      try reader.readFieldEnd()
    }
    try reader.readStructEnd()
  }

  func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.writeStructBegin("Refusal")
    try writer.writeField("id", 1, id)
    try writer.writeFieldStop()
    try writer.writeStructEnd()
  }
}

struct StormResult: ThriftResult {
  static var thriftName: String { "result" }
  var success: [UInt8]?
  var refusal: Refusal?

  init(success: [UInt8]) { self.success = success }

  init?(declared error: any Error) {
    guard let refusal = error as? Refusal else { return nil }
    self.refusal = refusal
  }

  func get() throws -> [UInt8]? {
    if let refusal { throw refusal }
    return success
  }

  init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {
    try reader.readStructBegin()
    while true {
      let field = try reader.readFieldBegin()
      if field.type == .stop { break }
      switch (field.id, field.type) {
      case (0, .string): success = try reader.readBinary()
      case (1, .structure): refusal = try reader.readStruct(Refusal.self)
      default: try reader.skip(field.type)
      }
      try reader.readFieldEnd()
    }
    try reader.readStructEnd()
  }

  func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.writeStructBegin("result")
    if let success { try writer.writeField("success", 0, success) }
    if let refusal {
      try writer.writeFieldBegin("refusal", .structure, 1)
      try writer.write(refusal)
      try writer.writeFieldEnd()
    }
    try writer.writeFieldStop()
    try writer.writeStructEnd()
  }
}
