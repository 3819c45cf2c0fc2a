import SeaThriftSockets
import SeaThriftTime
public import SeaThriftWire

/// What a handler can know about the call that it serves, beside the arguments: ``CallContext/current``.
public final class CallContext: Sendable {
  /// The call that the current task serves; `nil` outside of handlers.
  @TaskLocal public static var current: CallContext?

  /// The client.
  public let peer: EndpointAddress

  private struct State {
    var framing = Framing.framed
    var requestHeaders: [String: String] = [:]
    var replyHeaders: [String: String] = [:]
  }

  private let state = Lock(State())

  init(peer: EndpointAddress) { self.peer = peer }

  /// How the client's messages are told apart.
  public var framing: Framing { state.withLock { $0.framing } }

  /// The key-value headers that came with the request; over HTTP all of its headers, with lower-case names. None where
  /// the ``framing`` carries none.
  public var requestHeaders: [String: String] { state.withLock { $0.requestHeaders } }

  /// Sends a key-value header with the reply; a second value for a name replaces the first.
  ///
  /// - Throws: ``CodecError``: `unsupported` when the ``framing`` carries no headers, `invalidData` when HTTP cannot
  ///   express this one.
  public func setReplyHeader(_ name: String, _ value: String) throws {
    try state.withLock { state in
      try state.framing.checkHeader(name, value)
      state.replyHeaders[name] = value
    }
  }

  /// Begins the call of a request.
  func begin(_ framing: Framing, _ headers: [String: String]) {
    state.withLock { $0 = State(framing: framing, requestHeaders: headers) }
  }

  /// The headers of the reply.
  var replyHeaders: [String: String] { state.withLock { $0.replyHeaders } }
}
