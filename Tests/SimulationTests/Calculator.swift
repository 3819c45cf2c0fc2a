import SeaThrift

/// A service in the form that the generator writes: `i32 add(1: i32 a, 2: i32 b)` and `i32 slow(1: i32 a, 2: i32 b)`.
enum Calculator {
  static let add = MethodDescriptor<Arguments, Sum>(service: "Calculator", name: "add")
  static let spend = MethodDescriptor<Arguments, Sum>(
    service: "Calculator", name: "spend", idempotency: .notIdempotent)

  static let peek = IdempotentMethod<Arguments, Sum>(service: "Calculator", name: "peek")

  struct Arguments: ThriftStruct {
    static var thriftName: String { "arguments" }
    var a: Int32 = 0
    var b: Int32 = 0

    init(_ a: Int32, _ b: Int32) {
      self.a = a
      self.b = b
    }

    init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {
      try reader.readStructBegin()
      while true {
        let field = try reader.readFieldBegin()
        if field.type == .stop { break }
        switch (field.id, field.type) {
        case (1, .i32): a = try reader.readI32()
        case (2, .i32): b = try reader.readI32()
        default: try reader.skip(field.type)
        }
        try reader.readFieldEnd()
      }
      try reader.readStructEnd()
    }

    func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
      try writer.writeStructBegin("arguments")
      try writer.writeField("a", 1, a)
      try writer.writeField("b", 2, b)
      try writer.writeFieldStop()
      try writer.writeStructEnd()
    }
  }

  struct Sum: ThriftResult {
    static var thriftName: String { "result" }
    var success: Int32?

    init(success: Int32) { self.success = success }

    init?(declared error: any Error) { return nil }

    func get() throws -> Int32? { success }

    init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {
      try reader.readStructBegin()
      while true {
        let field = try reader.readFieldBegin()
        if field.type == .stop { break }
        switch (field.id, field.type) {
        case (0, .i32): success = try reader.readI32()
        default: try reader.skip(field.type)
        }
        try reader.readFieldEnd()
      }
      try reader.readStructEnd()
    }

    func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
      try writer.writeStructBegin("result")
      if let success { try writer.writeField("success", 0, success) }
      try writer.writeFieldStop()
      try writer.writeStructEnd()
    }
  }

  /// The service with `add`, `spend` and `peek` doing the same.
  static func service(_ body: @escaping @Sendable (Int32, Int32) async throws -> Int32) -> ThriftService {
    ThriftService(
      "Calculator",
      [
        ServiceMethod(add) { try await body($0.a, $0.b) },
        ServiceMethod(spend) { try await body($0.a, $0.b) },
        ServiceMethod(peek.descriptor) { try await body($0.a, $0.b) },
      ])
  }
}

extension ThriftCaller {
  nonisolated(nonsending) func add(_ a: Int32, _ b: Int32) async throws -> Int32 {
    try await call(Calculator.add, Calculator.Arguments(a, b))
  }

  nonisolated(nonsending) func spend(_ a: Int32, _ b: Int32) async throws -> Int32 {
    try await call(Calculator.spend, Calculator.Arguments(a, b))
  }
}
