import SeaThriftSockets
import SeaThriftTime

/// Makes the calls in `body` carry key-value headers, beside those of an enclosing `withRequestHeaders`.
///
/// ```swift
/// let user = try await withRequestHeaders(["tenant": "blue"]) { try await users.retrieve(id: 2) }
/// ```
///
/// Headers travel where the client's ``ClientConfiguration/framing`` carries them: ``Framing/header`` and ``Framing/http``
/// and what is built on them. With every other one such a call throws an ``RPCError`` of the code
/// ``RPCError/Code/invalidRequest``, and so does one whose headers HTTP cannot express: a name is letters, digits and
/// signs, a value has no control characters, and neither may be one of HTTP's own such as `Content-Length`.
public func withRequestHeaders<Value>(
  _ headers: [String: String], _ body: nonisolated(nonsending) () async throws -> Value
) async rethrows -> Value {
  var options = CallOptions.current ?? CallOptions()
  options.headers.merge(headers) { $1 }
  return try await CallOptions.$current.withValue(options, operation: body)
}

/// Calls `body`, and returns beside its result the headers of the reply that came last, those of retries included.
///
/// An enclosing `withReplyHeaders` gets them too. There are none where the client's ``ClientConfiguration/framing`` carries none. Over HTTP all headers of the response
/// are among them, with lower-case names.
public func withReplyHeaders<Value>(
  _ body: nonisolated(nonsending) () async throws -> Value
) async rethrows -> (value: Value, headers: [String: String]) {
  let headers = ReplyHeaders(inside: ReplyHeaders.current)
  let value = try await ReplyHeaders.$current.withValue(headers, operation: body)
  return (value, headers.all)
}

/// What is particular about the calls of a task; one value, so that a call looks once.
struct CallOptions: Sendable {
  @TaskLocal static var current: CallOptions?

  /// The headers that they carry.
  var headers: [String: String] = [:]
  var override: CallOverride?
}

/// Where the headers of replies go to.
final class ReplyHeaders: Sendable {
  @TaskLocal static var current: ReplyHeaders?

  private let outer: ReplyHeaders?
  private let state = Lock([String: String]())

  /// - Parameter outer: Where they go to as well.
  init(inside outer: ReplyHeaders?) { self.outer = outer }

  var all: [String: String] { state.withLock { $0 } }

  func set(_ headers: [String: String]) {
    state.withLock { $0 = headers }
    outer?.set(headers)
  }
}
