/// A call that did not bring the method's result, nor an exception that the method declares.
public struct RPCError: Error, Sendable {
  /// What happened.
  public var code: Code
  /// What exactly, for people.
  public var message: String
  /// The error behind this one, if there is one.
  public var cause: (any Error)?
  /// The endpoint that the call went to; `nil` when it reached none.
  public var endpoint: EndpointAddress?
  /// The method, as `Service.method`.
  public var method: String?
  /// The attempts that were made, in order; empty unless a ``ServiceGroup`` made the call.
  public var attempts: [Attempt]
  /// Whether it is certain that the endpoint saw no byte of the request, so that repeating it is harmless.
  public var isUnsent: Bool

  /// Creates an error.
  public init(
    _ code: Code, _ message: String, cause: (any Error)? = nil, endpoint: EndpointAddress? = nil,
    method: String? = nil, attempts: [Attempt] = [], isUnsent: Bool = false
  ) {
    self.code = code
    self.message = message
    self.cause = cause
    self.endpoint = endpoint
    self.method = method
    self.attempts = attempts
    self.isUnsent = isUnsent
  }

  /// One attempt of a call.
  public struct Attempt: Sendable {
    /// Where it went.
    public let endpoint: EndpointAddress
    /// How it failed.
    public let error: any Error
    /// When it began, counted from the beginning of the call.
    public let start: Duration
    /// How long it took.
    public let duration: Duration

    /// Creates a record of an attempt.
    public init(endpoint: EndpointAddress, error: any Error, start: Duration, duration: Duration) {
      self.endpoint = endpoint
      self.error = error
      self.start = start
      self.duration = duration
    }
  }
}

extension RPCError {
  /// Whether it is certain that nothing was executed, so that repeating the call is harmless: nothing was sent, or
  /// whoever got it refused it for too much load.
  public var isUnexecuted: Bool {
    if isUnsent || code == .overloaded { return true }
    return code == .unavailable && !attempts.isEmpty
      && attempts.allSatisfy { ($0.error as? RPCError)?.isUnexecuted == true }
  }
}

extension RPCError: CustomStringConvertible {
  /// The code, the message, and a line for each attempt.
  public var description: String {
    var text = "\(code): \(message)"
    if let method { text = "\(method): \(text)" }
    if let endpoint, attempts.isEmpty { text += " (\(endpoint))" }
    for (index, attempt) in attempts.enumerated() {
      text += "\n  attempt \(index + 1) at +\(attempt.start) to \(attempt.endpoint), \(attempt.duration): "
      text += (attempt.error as? RPCError).map { "\($0.code): \($0.message)" } ?? String(describing: attempt.error)
    }
    return text
  }
}
