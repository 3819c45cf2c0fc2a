import SeaThriftWire

/// A response of HTTP that is no reply of the service: what a proxy answers in its place, or a server that is none of
/// Thrift. It is the ``RPCError/cause`` of an ``RPCError``.
public struct HTTPStatusError: Error, Hashable, Sendable {
  /// The status, such as 503.
  public let status: Int
  /// What the endpoint calls the status; may be empty.
  public let reason: String
  /// The first line of the body that is not empty, printable and of at most 200 characters; empty when there is none.
  public let text: String
  /// Where a redirection points to; it is not followed.
  public let location: String?

  init(_ failure: HTTPFailure) {
    status = failure.status
    reason = failure.reason
    text = failure.text
    location = failure.location
  }

  /// What the status is to a caller.
  ///
  /// That the service is not there for now says nothing about whether the call was executed: a proxy answers 502, 503 and
  /// 504 also when its own connection broke in the middle of a call, and 429 may be another's word that it passes on.
  var code: RPCError.Code {
    switch status {
    case 401, 407: .unauthenticated
    case 403: .permissionDenied
    case 408, 429, 502, 503, 504: .unavailable
    default: .httpStatus
    }
  }

  /// Whether it is about the caller or its request, which another caller may have more luck with: too many requests, or
  /// one that is too large.
  var saysNothingOfTheEndpoint: Bool { [413, 414, 429, 431].contains(status) }
}

extension HTTPStatusError: CustomStringConvertible {
  /// The status, and what the endpoint says about it.
  public var description: String {
    var description = "HTTP status \(status)"
    if !reason.isEmpty { description += " \(reason)" }
    if let location { description += ", at \(location)" }
    if !text.isEmpty { description += ": \(text)" }
    return description
  }
}
