/// Recognises from the first bytes of a connection what its client speaks.
///
/// Every first message shows it: a strict binary one begins with 0x80, a compact one with 0x82, one of JSON with `[`, a
/// request of HTTP with a capital letter. As lengths of a frame all of these would be negative or far too large. What
/// else begins is a length, and what follows it tells the rest. Old binary messages begin with the length of their name:
/// read as that of a frame, what follows would be a name's length as well, and letters make that far too large.
package enum FormDetector {
  /// What is spoken; `nil` when more bytes are needed. Eight are always enough, behind frames that are empty.
  ///
  /// - Throws: ``CodecError`` when it is nothing that is known, or nothing that is accepted.
  package static func detect(
    _ bytes: UnsafeRawBufferPointer, accepting accepted: AcceptedForms = .all, limits: WireLimits = .default
  ) throws(CodecError) -> WireForm? {
    guard let form = try recognise(bytes, accepted, limits) else { return nil }
    try accepted.check(form.framing)
    // The others say it with each message.
    if !form.framing.carriesHeaders { try accepted.check(form.format) }
    return form
  }

  /// The protocol of a message that stands alone.
  package static func format(of message: UnsafeRawBufferPointer) throws(CodecError) -> ThriftFormat {
    switch message.first {
    case 0x80: return .binary
    case 0x82: return ThriftFormat.compact.refined(by: message)
    case UInt8(ascii: "["): return .json
    case 0: return .oldBinary
    case nil: throw CodecError(.endOfInput, "there is no message")
    default: throw CodecError(.badVersion, "the message is of no protocol that is known")
    }
  }

  private static func recognise(
    _ bytes: UnsafeRawBufferPointer, _ accepted: AcceptedForms, _ limits: WireLimits
  ) throws(CodecError) -> WireForm? {
    switch bytes.first {
    case nil: return nil
    case 0x80: return WireForm(.unframed, .binary)
    case 0x82: return compact(.unframed, bytes)
    case UInt8(ascii: "["): return WireForm(.unframed, .json)
    case .some(UInt8(ascii: "A")...UInt8(ascii: "Z")): return WireForm(.http, .binary)
    default: return try recogniseFrame(bytes, accepted, limits)
    }
  }

  /// The version of a compact message; one that is not known is an error when the message is read, and as such answered.
  private static func compact(_ framing: Framing, _ message: UnsafeRawBufferPointer) -> WireForm? {
    message.count < 2 ? nil : WireForm(framing, .compact.refined(by: message))
  }

  /// Whether a frame without contents begins the bytes, and another frame follows: it means nothing.
  static func beginsWithEmptyFrame(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count > 4 && bytes.word(at: 0) == 0 && bytes[4] == 0
  }

  private static func recogniseFrame(
    _ bytes: UnsafeRawBufferPointer, _ accepted: AcceptedForms, _ limits: WireLimits
  ) throws(CodecError) -> WireForm? {
    var bytes = bytes
    // In a loop, as a client may send as many as it likes.
    while beginsWithEmptyFrame(bytes) { bytes = UnsafeRawBufferPointer(rebasing: bytes[4...]) }
    guard bytes.count >= 4 else {
      // No frame and no name is as long as this.
      if let first = bytes.first, first & 0x80 != 0 { throw unknown(bytes) }
      return nil
    }
    let size = bytes.word(at: 0)
    guard size <= min(limits.maxFrameBytes, limits.maxMessageBytes) else {
      if bytes[0] & 0x80 != 0 || bytes[0] == 0x16 { throw unknown(bytes) }
      throw CodecError(
        .sizeLimitExceeded,
        "a frame of \(size) bytes; the limit is \(min(limits.maxFrameBytes, limits.maxMessageBytes))")
    }
    guard bytes.count > 4 else { return nil }
    switch bytes[4] {
    case 0x80: return WireForm(.framed, .binary)
    case 0x82: return compact(.framed, UnsafeRawBufferPointer(rebasing: bytes[4...]))
    case UInt8(ascii: "["): return WireForm(.framed, .json)
    case 0x0F:
      guard bytes.count > 5 else { return nil }
      guard bytes[5] == 0xFF else { throw unknown(bytes) }
      return WireForm(.header, .binary)
    default: return try recogniseOld(bytes, size, accepted)
    }
  }

  /// Tells an old message in a frame, one without, and a header in a frame from each other.
  private static func recogniseOld(
    _ bytes: UnsafeRawBufferPointer, _ size: Int, _ accepted: AcceptedForms
  ) throws(CodecError) -> WireForm? {
    guard bytes.count >= 8 else { return nil }
    let inner = bytes.word(at: 4)
    if inner + 4 == size { return WireForm(.framedHeader, .binary) }
    // The name, its type and sequence id, and at least the end of a struct.
    if inner + 10 <= size, accepted.contains(.framed) { return WireForm(.framed, .oldBinary) }
    // Garbage in a frame must not be waited for as if it were a long name.
    let name = bytes[4..<min(8, 4 + size)]
    guard size <= Self.longestOldName, name.allSatisfy(\.isPartOfName),
      size >= 4 || (1...4).contains(bytes[4 + size])
    else { throw unknown(bytes) }
    return WireForm(.unframed, .oldBinary)
  }

  /// Longer names of methods are not believed, unless the message shows its protocol otherwise.
  private static let longestOldName = 1024

  private static func unknown(_ bytes: UnsafeRawBufferPointer) -> CodecError {
    let client = UnrecognisedClient(bytes).map { "\($0)" } ?? "something else than it begins with"
    return CodecError(.badVersion, "the client speaks \(client)")
  }
}

extension UInt8 {
  /// Whether this may stand in the name of a method, or of a service before it.
  var isPartOfName: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}

extension UnsafeRawBufferPointer {
  /// The four bytes at `offset`, which must be there, as a number.
  func word(at offset: Int) -> Int {
    Int(UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }

  /// The two bytes at `offset`, which must be there, as a number.
  func halfWord(at offset: Int) -> Int {
    Int(UInt16(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
  }
}
