import SeaThriftWire

/// A message that a cutter found.
struct CutMessage: Equatable {
  var framing: Framing
  var format: ThriftFormat
  var bytes: [UInt8]
  var headers: [String: String]
}

extension MessageCutter {
  /// All messages in `bytes`, which arrive in pieces that end at `cuts`.
  mutating func messages(in bytes: [UInt8], cuts: [Int] = []) throws -> [CutMessage] {
    var buffer = WireBuffer()
    return try messages(in: bytes, cuts: cuts, into: &buffer)
  }

  /// All messages; what is left of the bytes remains in `buffer`.
  mutating func messages(in bytes: [UInt8], cuts: [Int] = [], into buffer: inout WireBuffer) throws -> [CutMessage] {
    var found: [CutMessage] = []
    var start = 0
    for cut in cuts + [bytes.count] {
      buffer.append(bytes[start..<max(cut, start)])
      start = max(cut, start)
      while case .message(let payload, let end) = try self.cut(&buffer) {
        let message = [UInt8](buffer.readableBytes[payload])
        buffer.consume(end)
        // Before the form is known only empty frames are found.
        guard let form, !message.isEmpty || form.framing.isEmptyMeaningful else { continue }
        found.append(
          CutMessage(framing: form.framing, format: form.format, bytes: message, headers: head.headers))
      }
    }
    return found
  }
}

extension Framing {
  /// Whether an empty message is one.
  var isEmptyMeaningful: Bool { self == .http || self == .httpHeader }
}

extension ThriftFormat {
  /// A message as this library writes it.
  func message(
    _ value: some ThriftStruct, name: String = "add", sequenceID: Int32 = 7, in framing: Framing = .unframed,
    head: FrameHead = FrameHead(.request(host: "localhost", path: "/"))
  ) throws -> [UInt8] {
    var buffer = WireBuffer()
    try buffer.appendMessage(
      name, .call, sequenceID, value, format: self, framing: framing, head: head, limits: .default)
    return buffer.bytes
  }
}
