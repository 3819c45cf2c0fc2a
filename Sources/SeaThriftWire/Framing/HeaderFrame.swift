/// A message of `THeaderTransport`: magic number, flags, sequence id, size of the header in words; the header, which
/// names the protocol and the transforms and has key-value pairs; the message.
struct HeaderFrame {
  static let magic = 0x0FFF
  /// What comes before the header.
  static let fixedBytes = 10

  private(set) var format = ThriftFormat.binary
  private(set) var headers: [String: String] = [:]
  /// Where the message lies.
  private(set) var payload = 0..<0

  private enum Info {
    static let padding: UInt32 = 0
    static let keyValue: UInt32 = 1
    /// Pairs that hold for all of the connection, as fbthrift sent them once.
    static let persistentKeyValue: UInt32 = 2
  }

  /// Reads a frame without its length.
  init(_ frame: UnsafeRawBufferPointer, limits: WireLimits) throws(CodecError) {
    guard frame.count >= Self.fixedBytes else {
      throw CodecError(.endOfInput, "a header frame of \(frame.count) bytes")
    }
    guard frame.halfWord(at: 0) == Self.magic else {
      throw CodecError(.badVersion, "a frame begins with \(String(frame.halfWord(at: 0), radix: 16)) instead of fff")
    }
    let size = frame.halfWord(at: 8) * 4
    let end = Self.fixedBytes + size
    guard end <= frame.count else {
      throw CodecError(.endOfInput, "a header of \(size) bytes in a frame of \(frame.count)")
    }
    guard size <= limits.maxHeaderBytes else { throw .tooLarge("header", size, limit: limits.maxHeaderBytes) }
    guard end < frame.count else { throw CodecError(.endOfInput, "a header frame without a message") }
    payload = end..<frame.count
    var cursor = Cursor(bytes: UnsafeRawBufferPointer(rebasing: frame[Self.fixedBytes..<end]))
    format = try Self.format(of: try cursor.number())
    if try cursor.number() > 0 { throw .transform(try cursor.number()) }
    try readInfo(&cursor, limits)
  }

  private mutating func readInfo(_ cursor: inout Cursor, _ limits: WireLimits) throws(CodecError) {
    while !cursor.isAtEnd {
      let kind = try cursor.number()
      // How long something unknown is cannot be known either, so that nothing after it can be read.
      guard kind == Info.keyValue || kind == Info.persistentKeyValue else { return }
      let count = Int(try cursor.number())
      guard headers.count + count <= limits.maxHeaders else {
        throw CodecError(.sizeLimitExceeded, "a message has \(count) headers, the limit is \(limits.maxHeaders)")
      }
      for _ in 0..<count {
        let key = try cursor.text()
        headers[key] = try cursor.text()
      }
    }
  }

  private static func format(of number: UInt32) throws(CodecError) -> ThriftFormat {
    switch number {
    case 0: return .binary
    case 2: return .compact
    default: throw CodecError(.unsupported, "a header frame with the protocol \(number); known are 0 and 2")
    }
  }

  /// The header alone: nothing in it may reach beyond.
  private struct Cursor {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func number() throws(CodecError) -> UInt32 {
      var value: UInt64 = 0
      for shift in stride(from: 0 as UInt64, to: 35, by: 7) {
        guard position < bytes.count else { throw CodecError(.endOfInput, "a header ends within a number") }
        let byte = bytes[position]
        position += 1
        value |= UInt64(byte & 0x7F) << shift
        if byte & 0x80 == 0 {
          guard value <= UInt64(Int32.max) else { throw CodecError(.invalidData, "a number in a header is too large") }
          return UInt32(value)
        }
      }
      throw CodecError(.invalidData, "a number in a header has more than 5 bytes")
    }

    mutating func text() throws(CodecError) -> String {
      let count = Int(try number())
      guard count <= bytes.count - position else {
        throw CodecError(.endOfInput, "a text of \(count) bytes in a header with \(bytes.count - position) left")
      }
      defer { position += count }
      return String(decoding: bytes[position..<(position + count)], as: UTF8.self)
    }
  }
}

extension CodecError {
  fileprivate static func transform(_ number: UInt32) -> Self {
    let names: [UInt32: String] = [1: "zlib", 2: "hmac", 3: "snappy", 4: "qlz", 5: "zstd"]
    let name = names[number].map { " (\($0))" } ?? ""
    return Self(.unsupported, "a header frame with the transform \(number)\(name), which is not built in")
  }
}

extension WireBuffer {
  /// Appends all of a header frame that comes before its message, with a length of 0.
  mutating func appendHeaderFrame(
    _ head: FrameHead, sequenceID: Int32, _ format: ThriftFormat, limits: WireLimits
  ) throws(CodecError) {
    guard format != .json else { throw CodecError(.unsupported, "a header frame cannot hold a message of JSON") }
    append(bigEndian: UInt32(0))
    append(bigEndian: UInt16(HeaderFrame.magic))
    append(bigEndian: UInt16(0))
    append(bigEndian: sequenceID == 0 ? head.sequenceID : sequenceID)
    let sizeOffset = count
    append(bigEndian: UInt16(0))
    let start = count
    append(bigEndian: format.isCompact ? 2 : 0 as UInt8)
    append(bigEndian: 0 as UInt8)
    if !head.headers.isEmpty {
      guard head.headers.count <= limits.maxHeaders else {
        throw .tooLarge("header", head.headers.count, limit: limits.maxHeaders)
      }
      append(bigEndian: 1 as UInt8)
      append(varint: head.headers.count)
      // In order, so that equal calls are equal bytes.
      for (key, value) in head.headers.sorted(by: { $0.key < $1.key }) {
        append(varint: key.utf8.count)
        append(key.utf8)
        append(varint: value.utf8.count)
        append(value.utf8)
      }
    }
    while (count - start) % 4 != 0 { append(bigEndian: 0 as UInt8) }
    let limit = min(limits.maxHeaderBytes, Int(UInt16.max) * 4)
    guard count - start <= limit else { throw .tooLarge("header", count - start, limit: limit) }
    overwrite(at: sizeOffset, bigEndian: UInt16((count - start) / 4))
  }

  private mutating func append(varint number: Int) {
    var rest = UInt64(number)
    while rest > 0x7F {
      append(bigEndian: UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(bigEndian: UInt8(rest))
  }
}
