import Resilience

/// The headers in which SeaThrift's clients and servers tell each other about a call; the names are in the documentation,
/// page Wire.
enum CallInformation {
  /// In a reply: how many milliseconds to wait before the call is tried again; anything but a number from 0 means never,
  /// as for `grpc-retry-pushback-ms`.
  static let pushBack = "thrift-retry-pushback-ms"
}

extension RetryAdvice {
  /// What the headers of a reply say; nil when they say nothing.
  init?(replyHeaders: [String: String]) {
    guard let text = replyHeaders[CallInformation.pushBack] else { return nil }
    // A sign or a fraction is as wrong as a word: whoever cannot say when had better not be asked again.
    guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let milliseconds = Int64(text) else {
      self = .never
      return
    }
    self.init(milliseconds: Double(milliseconds))
  }

  /// The value of the header of a reply, in whole milliseconds, rounded up.
  var headerValue: String {
    switch self {
    case .never: return "-1"
    case .after(let duration):
      let nanoseconds = PolicyCheck.clamp(duration, atLeast: .zero).wholeNanoseconds
      return "\((nanoseconds + 999_999) / 1_000_000)"
    }
  }
}
