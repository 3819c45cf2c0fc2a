import SeaThriftSockets
import SeaThriftTime
public import SeaThriftWire

/// What a handler can know about the call that it serves, beside the arguments: ``CallContext/current``.
///
/// It belongs to that call, and says the same when it is looked at later, by a task that the handler left behind: what is
/// set then as a header of the reply goes nowhere.
public final class CallContext: Sendable {
  /// The call that the current task serves; `nil` outside of handlers.
  @TaskLocal public static var current: CallContext?

  /// The client.
  public let peer: EndpointAddress

  /// How the client's messages are told apart.
  public let framing: Framing

  /// The key-value headers that came with the request; over HTTP all of its headers, with lower-case names. None where
  /// the ``framing`` carries none.
  public let requestHeaders: [String: String]

  private let headers = Lock([String: String]())

  init(peer: EndpointAddress, framing: Framing = .framed, headers: [String: String] = [:]) {
    self.peer = peer
    self.framing = framing
    requestHeaders = headers
  }

  /// Sends a key-value header with the reply; a second value for a name replaces the first.
  ///
  /// - Throws: ``CodecError``: `unsupported` when the ``framing`` carries no headers, `invalidData` when HTTP cannot
  ///   express this one.
  public func setReplyHeader(_ name: String, _ value: String) throws {
    try framing.checkHeader(name, value)
    headers.withLock { $0[name] = value }
  }

  /// The headers of the reply.
  var replyHeaders: [String: String] { headers.withLock { $0 } }
}
