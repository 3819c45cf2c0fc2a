extension WireBuffer {
  /// How many characters there are for the length of a body, which is known only when it is written. White space before
  /// a value means nothing, while zeros before a number make some take it for an octal one.
  static let lengthDigits = 10

  /// Appends the head of a request or of a response; ``overwriteLength(before:_:)`` completes it.
  mutating func appendHTTPHead(_ head: FrameHead) throws(CodecError) {
    switch head.role {
    case .request(let host, let path):
      append("POST \(path) HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: SeaThrift\r\n".utf8)
      append("Content-Type: application/x-thrift\r\nAccept: application/x-thrift\r\n".utf8)
    case .reply:
      append("HTTP/1.1 200 OK\r\nContent-Type: application/x-thrift\r\n".utf8)
      if !head.keepsAlive {
        append("Connection: close\r\n".utf8)
      } else if head.isVersion10 {
        append("Connection: keep-alive\r\n".utf8)
      }
    }
    for (name, value) in head.headers.sorted(by: { $0.key < $1.key }) {
      try HTTPField.check(name, value)
      append("\(name): \(value)\r\n".utf8)
    }
    append("Content-Length: ".utf8)
    append(repeatElement(UInt8(ascii: " "), count: Self.lengthDigits))
    append("\r\n\r\n".utf8)
  }

  /// Writes the length of a body into the head that ends at `bodyStart`.
  mutating func overwriteLength(before bodyStart: Int, _ length: Int) {
    let digits = Array(String(length).utf8.suffix(Self.lengthDigits))
    digits.withUnsafeBytes { overwrite(at: bodyStart - 4 - digits.count, $0) }
  }

  /// Appends a response of HTTP that has no message: one that is an error, after which the connection ends.
  mutating func appendHTTPError(_ status: HTTPStatus, _ message: String) {
    let text = message + "\n"
    append("HTTP/1.1 \(status.code) \(status.reason)\r\nContent-Type: text/plain; charset=utf-8\r\n".utf8)
    if status == .methodNotAllowed { append("Allow: POST\r\n".utf8) }
    append("Connection: close\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)".utf8)
  }

  /// Appends the interim response that makes a client send its body.
  package mutating func appendHTTPContinue() { append("HTTP/1.1 100 Continue\r\n\r\n".utf8) }

  /// Appends the answer to a oneway call, which has no body.
  package mutating func appendHTTPAnswerToOneway(_ head: FrameHead) {
    var head = head
    head.headers = [:]
    let start = count
    guard (try? appendHTTPHead(head)) != nil else { return truncate(to: start) }
    overwriteLength(before: count, 0)
  }
}
