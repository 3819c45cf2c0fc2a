import Resilience

/// The headers in which SeaThrift's clients and servers tell each other about a call; the names are in the documentation,
/// page Wire.
struct CallInformation {
  /// In a reply: how many milliseconds to wait before the call is tried again; anything but a number from 0 means never,
  /// as for `grpc-retry-pushback-ms`.
  static let pushBack = "thrift-retry-pushback-ms"
  /// In a reply that is an exception: the name of an ``RPCError/Code`` that says more than its kind does.
  static let errorCode = "thrift-error-code"
  /// In a request: how many attempts came before that the endpoint, or one like it, may have served; absent for none. As
  /// `grpc-previous-rpc-attempts`.
  static let previousAttempts = "thrift-previous-attempts"
  /// In a request: in how many milliseconds the client will have lost interest.
  static let timeout = "thrift-timeout-ms"

  /// Whether the call was tried before, or is part of one that was.
  let isRetry: Bool
  /// What is left of the deadline of the call, up to 366 days.
  let timeout: Duration?

  /// Reads the headers of a request; nil when they say nothing. What is no number says nothing.
  init?(requestHeaders headers: [String: String]) {
    isRetry = headers[Self.previousAttempts]?.wholeNumber.map { $0 > 0 } ?? false
    timeout = headers[Self.timeout]?.wholeNumber.map { .milliseconds(Swift.min($0, Self.longestTimeout)) }
    if !isRetry, timeout == nil { return nil }
  }

  private static let longestTimeout = PolicyCheck.longest.components.seconds * 1_000

  /// Adds to the headers of a request what its endpoint should know, when there is something.
  ///
  /// - Parameters:
  ///   - attempts: how many came before.
  ///   - left: what is left of the deadline; nil for no deadline.
  static func add(to headers: inout [String: String], previousAttempts attempts: Int, left: Duration?) {
    // A call that is part of one that is tried again is told from a first attempt too.
    let attempts = Retry.isSuppressed ? max(attempts, 1) : attempts
    if attempts > 0 { headers[previousAttempts] = "\(attempts)" }
    if let left { headers[timeout] = left.wholeMilliseconds }
  }
}

extension Duration {
  /// In digits, rounded up; for one from 0 to 366 days.
  fileprivate var wholeMilliseconds: String {
    "\((PolicyCheck.clamp(self, atLeast: .zero).wholeNanoseconds + 999_999) / 1_000_000)"
  }
}

extension String {
  /// A number from 0 in digits and nothing else; the largest that there is for a larger one.
  fileprivate var wholeNumber: Int64? {
    guard !isEmpty, utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
    return Int64(self) ?? .max
  }
}

extension RetryAdvice {
  /// What the headers of a reply say; nil when they say nothing.
  init?(replyHeaders: [String: String]) {
    guard let text = replyHeaders[CallInformation.pushBack] else { return nil }
    // A sign or a fraction is as wrong as a word: whoever cannot say when had better not be asked again.
    self = text.wholeNumber.map { RetryAdvice(milliseconds: Double($0)) } ?? .never
  }

  /// The value of the header of a reply, in whole milliseconds, rounded up.
  var headerValue: String {
    switch self {
    case .never: return "-1"
    case .after(let duration): return duration.wholeMilliseconds
    }
  }
}
