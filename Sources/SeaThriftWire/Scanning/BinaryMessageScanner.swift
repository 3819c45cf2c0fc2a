/// Finds the end of a message of the binary protocol, strict or not.
struct BinaryMessageScanner: Sendable {
  private enum Stage { case version, strictName, envelope, body }

  private let maxMessageBytes: Int
  private let maxStringBytes: Int
  private var stage = Stage.version
  /// Where the body begins, once that is known.
  private var bodyStart = 0
  private var body: BinarySteps

  init(limits: WireLimits) {
    let limits = limits.clamped()
    maxMessageBytes = limits.maxMessageBytes
    maxStringBytes = limits.maxStringBytes
    body = BinarySteps(
      .structure, maxStructs: limits.maxDepth, maxLevels: limits.maxDepth * 8, maxStringBytes: limits.maxStringBytes,
      maxContainerElements: limits.maxContainerElements)
  }

  mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(CodecError) -> MessageScanner.Progress {
    if stage == .version {
      try checkVersion(bytes)
      guard bytes.count >= 4 else { return .needMore(total: 4) }
      let first = number(bytes, at: 0)
      if first < 0 {
        stage = .strictName
      } else {
        // Without version: the name's length and the name, the type in one byte, the sequence number in four.
        try beginBody(at: 9, nameBytes: first)
      }
    }
    if stage == .strictName {
      guard bytes.count >= 8 else { return .needMore(total: 8) }
      try beginBody(at: 12, nameBytes: number(bytes, at: 4))
    }
    if stage == .envelope {
      guard bytes.count >= bodyStart else { return .needMore(total: bodyStart + 1) }
      stage = .body
    }
    let isComplete = try body.advance(over: bytes, limit: maxMessageBytes)
    if isComplete { return .complete(length: body.position) }
    return .needMore(total: max(body.position, bytes.count + 1))
  }

  /// Looks at as much of the version as there is.
  private func checkVersion(_ bytes: UnsafeRawBufferPointer) throws(CodecError) {
    guard bytes.count >= 1, bytes[0] & 0x80 != 0 else { return }
    let isWrong = bytes[0] != 0x80 || bytes.count >= 2 && bytes[1] != 0x01
    if isWrong {
      let first = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      throw .wrongVersion(first << UInt32(max(4 - bytes.count, 0) * 8))
    }
  }

  private mutating func beginBody(at offset: Int, nameBytes: Int) throws(CodecError) {
    let limit = min(maxStringBytes, maxMessageBytes)
    guard nameBytes >= 0, nameBytes <= limit else {
      throw .size(nameBytes, of: "method name", limit: limit, available: 0)
    }
    bodyStart = offset + nameBytes
    guard bodyStart < maxMessageBytes else { throw .tooLarge("message", bodyStart + 1, limit: maxMessageBytes) }
    stage = .envelope
    body.begin(at: bodyStart)
  }

  private func number(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
    Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
  }
}
