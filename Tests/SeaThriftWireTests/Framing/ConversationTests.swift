import SeaThriftWire
import Testing

/// What clients of several other implementations send.
@Suite struct ConversationTests {
  struct Conversation: Decodable {
    struct Call: Decodable, Equatable {
      let name: String
      let sequenceID: Int32
    }

    let name: String
    let `protocol`: String
    let transport: String
    /// The protocol and the transport that the bytes are in, when not those above.
    let speaks: [String]?
    let send: [String]
    /// The calls that are answered.
    let calls: [Call]

    var bytes: [UInt8] { send.flatMap { [UInt8](hex: $0) } }

    var framing: Framing {
      switch speaks?[1] ?? transport {
      case "http": .http
      case "framed": .framed
      default: speaks == nil && `protocol` == "header" ? .header : .unframed
      }
    }
  }

  /// Calls among messages, by name and sequence id.
  private func calls(_ messages: [CutMessage]) throws -> [Conversation.Call] {
    try messages.compactMap { message in
      let (header, _) = try message.bytes.withUnsafeBytes { try message.format.readEnvelope($0, limits: .default) }
      // Replies carry the name without that of the service.
      let name = header.name.split(separator: ":", omittingEmptySubsequences: false).last ?? ""
      return header.type == .call && !header.name.contains("neway")
        ? Conversation.Call(name: String(name), sequenceID: header.sequenceID) : nil
    }
  }

  @Test("every message of every conversation is found, at once and byte by byte")
  func conversations() throws {
    let all = try resource("conversations", as: [Conversation].self)
    #expect(all.count > 300)
    for conversation in all {
      let bytes = conversation.bytes
      do {
        var cutter = MessageCutter(accepting: .all, limits: .default)
        let messages = try cutter.messages(in: bytes)
        #expect(try calls(messages) == conversation.calls, "\(conversation.name)")
        for message in messages { #expect(message.framing == conversation.framing, "\(conversation.name)") }
        var slow = MessageCutter(accepting: .all, limits: .default)
        #expect(try slow.messages(in: bytes, cuts: Array(bytes.indices)) == messages, "\(conversation.name)")
      } catch {
        Issue.record("\(conversation.name): \(error)")
      }
    }
  }
}
