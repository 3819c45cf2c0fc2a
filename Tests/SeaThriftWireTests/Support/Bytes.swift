import SeaThriftWire

extension [UInt8] {
  /// The bytes of hexadecimal digits; spaces may stand between them.
  init(hex: String) {
    let digits = hex.compactMap(\.hexDigitValue)
    self = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  var hex: String { map { String(UInt16($0) | 0x100, radix: 16).dropFirst() }.joined() }
}

/// Something to do with a reader of any protocol.
protocol ReaderTask {
  associatedtype Value
  func run<Reader: ThriftReader & ~Copyable>(_ reader: inout Reader) throws -> Value
}

/// Something to do with a writer of any protocol.
protocol WriterTask {
  func run<Writer: ThriftWriter & ~Copyable>(_ writer: inout Writer) throws
}

extension ThriftFormat {
  static let all: [ThriftFormat] = [.binary, .compact, .json]

  /// Runs `task` on a reader of `bytes`; also returns how many bytes are left.
  func read<Task: ReaderTask>(
    _ bytes: [UInt8], limits: WireLimits = .default, _ task: Task
  ) throws -> (value: Task.Value, remaining: Int) {
    try bytes.withUnsafeBytes { bytes in
      switch self {
      case .json:
        var reader = JSONReader(bytes, limits: limits)
        return (try task.run(&reader), reader.bytesRemaining)
      case .compact:
        var reader = CompactReader(bytes, limits: limits)
        return (try task.run(&reader), reader.bytesRemaining)
      default:
        var reader = BinaryReader(bytes, limits: limits)
        return (try task.run(&reader), reader.bytesRemaining)
      }
    }
  }

  /// What `task` writes.
  func write(limits: WireLimits = .default, _ task: some WriterTask) throws -> [UInt8] {
    switch self {
    case .json:
      var writer = JSONWriter(limits: limits)
      try task.run(&writer)
      return writer.finish().bytes
    case .compact:
      var writer = CompactWriter(limits: limits)
      try task.run(&writer)
      return writer.finish().bytes
    default:
      var writer = BinaryWriter(limits: limits)
      try task.run(&writer)
      return writer.finish().bytes
    }
  }
}
