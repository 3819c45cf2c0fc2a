public import Resilience

/// A call that did not bring the method's result, nor an exception that the method declares.
public struct RPCError: Error, Sendable, RetryAdvising {
  /// Out of line, so that every function that may throw it has room for one word only.
  private var details: Details

  private final class Details: @unchecked Sendable {
    // @unchecked: changed only while one error alone holds it.
    var code: Code
    var message: String
    var cause: (any Error)?
    var endpoint: EndpointAddress?
    var method: String?
    var attempts: [Attempt]
    var isUnsent: Bool
    var retryAdvice: RetryAdvice?
    var verdict: Verdict?
    var isOfBrokenConnection = false

    init(
      _ code: Code, _ message: String, _ cause: (any Error)?, _ endpoint: EndpointAddress?, _ method: String?,
      _ attempts: [Attempt], isUnsent: Bool
    ) {
      self.code = code
      self.message = message
      self.cause = cause
      self.endpoint = endpoint
      self.method = method
      self.attempts = attempts
      self.isUnsent = isUnsent
    }
  }

  /// Creates an error.
  public init(
    _ code: Code, _ message: String, cause: (any Error)? = nil, endpoint: EndpointAddress? = nil,
    method: String? = nil, attempts: [Attempt] = [], isUnsent: Bool = false
  ) {
    details = Details(code, message, cause, endpoint, method, attempts, isUnsent: isUnsent)
  }

  /// The details, of this error alone.
  private var ownDetails: Details {
    mutating get {
      if !isKnownUniquelyReferenced(&details) {
        let (advice, verdict, isOfBrokenConnection) = (retryAdvice, verdict, isOfBrokenConnection)
        details = Details(code, message, cause, endpoint, method, attempts, isUnsent: isUnsent)
        details.retryAdvice = advice
        details.verdict = verdict
        details.isOfBrokenConnection = isOfBrokenConnection
      }
      return details
    }
  }

  /// What happened.
  public var code: Code {
    get { details.code }
    set { ownDetails.code = newValue }
  }
  /// What exactly, for people.
  public var message: String {
    get { details.message }
    set { ownDetails.message = newValue }
  }
  /// The error behind this one, if there is one.
  public var cause: (any Error)? {
    get { details.cause }
    set { ownDetails.cause = newValue }
  }
  /// The endpoint that the call went to; `nil` when it reached none.
  public var endpoint: EndpointAddress? {
    get { details.endpoint }
    set { ownDetails.endpoint = newValue }
  }
  /// The method, as `Service.method`.
  public var method: String? {
    get { details.method }
    set { ownDetails.method = newValue }
  }
  /// The attempts that were made, in order; empty unless a ``ServiceGroup`` made the call.
  public var attempts: [Attempt] {
    get { details.attempts }
    set { ownDetails.attempts = newValue }
  }
  /// Whether it is certain that the endpoint saw no byte of the request, so that repeating it is harmless.
  public var isUnsent: Bool {
    get { details.isUnsent }
    set { ownDetails.isUnsent = newValue }
  }
  /// What the endpoint said about trying again, in a header of its reply; `nil` when it said nothing.
  public var retryAdvice: RetryAdvice? {
    get { details.retryAdvice }
    set { ownDetails.retryAdvice = newValue }
  }

  /// What it says about the endpoint, when the circumstances say something else than the code.
  var verdict: Verdict? {
    get { details.verdict }
    set { ownDetails.verdict = newValue }
  }
  /// Whether the connection broke before any byte of a reply came.
  var isOfBrokenConnection: Bool {
    get { details.isOfBrokenConnection }
    set { ownDetails.isOfBrokenConnection = newValue }
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
  /// whoever got it refused it for too much load or to its caller, or with an exception that the IDL calls `safe`. What a
  /// response of HTTP calls unavailable may have been executed all the same.
  public var isUnexecuted: Bool {
    if isUnsent || code == .overloaded || code == .unauthenticated || code == .permissionDenied { return true }
    return code == .unavailable && !attempts.isEmpty && attempts.allSatisfy { Self.isUnexecuted($0.error) }
  }

  /// Whether an error of an attempt shows that nothing was executed; an exception of the IDL does when it is `safe`.
  static func isUnexecuted(_ error: any Error) -> Bool {
    if let error = error as? RPCError { return error.isUnexecuted }
    return (error as? any ClassifiedException).map { type(of: $0).traits.isSafe } ?? false
  }
}

extension RPCError: CustomStringConvertible {
  /// The code, the message, and a line for each attempt, with durations as in ``trace``.
  public var description: String {
    var text = "\(code): \(message)"
    if let method { text = "\(method): \(text)" }
    if let endpoint, attempts.isEmpty { text += " (\(endpoint))" }
    for (index, attempt) in attempts.enumerated() {
      text += "\n  attempt \(index + 1) at +\(Self.rounded(attempt.start)) to \(attempt.endpoint), "
      text += "\(Self.rounded(attempt.duration)): "
      text += (attempt.error as? RPCError).map { "\($0.code): \($0.message)" } ?? String(describing: attempt.error)
    }
    return text
  }
}
