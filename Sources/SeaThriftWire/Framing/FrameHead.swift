/// What stands around a message in framings that say more than its length.
@usableFromInline
package struct FrameHead: Sendable {
  /// Who writes it.
  @usableFromInline
  package enum Role: Sendable {
    /// A client; HTTP names the host and the path.
    case request(host: String, path: String)
    /// A server.
    case reply
  }

  /// Who writes it.
  package var role: Role
  /// The sequence id of ``Framing/header``; the message has its own as well.
  package var sequenceID: Int32 = 0
  /// The key-value headers. Those of HTTP have lower-case names.
  package var headers: [String: String] = [:]
  /// Whether the connection goes on after this message, or after the answer to it.
  package var keepsAlive = true
  /// Whether the message is a request of HTTP 1.0, where a connection goes on only when both sides say so.
  package var isVersion10 = false

  /// A head that says nothing yet.
  @usableFromInline
  package init(_ role: Role = .reply) { self.role = role }

  /// The head of the reply to the message that this is the head of.
  package var ofReply: Self {
    var head = Self(.reply)
    head.sequenceID = sequenceID
    head.keepsAlive = keepsAlive
    head.isVersion10 = isVersion10
    return head
  }

  /// Whether a client of HTTP takes the answer to a oneway call for what it is.
  ///
  /// HTTP demands an answer, and most clients wait for it. Some of Apache's take it for the answer to their next call
  /// instead: that for C++ up to 0.23, those for D and Lua up to 0.25, the last there is. Whoever else it is, also a
  /// version that is not known, is answered.
  package var awaitsAnswerToOneway: Bool {
    guard let agent = headers["user-agent"] else { return true }
    if agent.contains("(C++/THttpClient)") { return ApacheVersion(agent).map { $0 >= .answersOneway } ?? true }
    return !agent.contains("(D/TClientHttpTransport)") && !agent.contains("(Lua/THttpClient)")
  }
}

extension Framing {
  /// Checks that a header can travel.
  ///
  /// - Throws: ``CodecError``: `unsupported` where the framing carries none; `invalidData` for what HTTP cannot express.
  package func checkHeader(_ name: String, _ value: String) throws(CodecError) {
    guard carriesHeaders else {
      throw CodecError(.unsupported, "the header \"\(name)\" cannot travel: the framing \"\(self)\" carries none")
    }
    if kind == .http { try HTTPField.check(name, value) }
  }
}
