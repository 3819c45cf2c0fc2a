extension HTTPMessageParser {
  mutating func takeRequestLine(_ line: UnsafeRawBufferPointer) throws(CodecError) {
    let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
    guard words.count == 3, !words[1].isEmpty, words[0].allSatisfy(\.isHTTPToken) else {
      throw refused(.badRequest, "a request of HTTP does not begin with its method, its target and the version")
    }
    try takeVersion(words[2])
    guard words[0].elementsEqual("POST".utf8) else {
      throw refused(.methodNotAllowed, "a request of HTTP is a \(String(decoding: words[0].prefix(16), as: UTF8.self))")
    }
  }

  mutating func takeStatusLine(_ line: UnsafeRawBufferPointer) throws(CodecError) {
    let words = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count >= 2, words[1].count == 3, let status = Int(String(decoding: words[1], as: UTF8.self)) else {
      throw refused(.badRequest, "a response of HTTP does not begin with the version and its status")
    }
    try takeVersion(words[0])
    self.status = status
    reason = words.count > 2 ? String(decoding: words[2].prefix(64), as: UTF8.self) : ""
  }

  private mutating func takeVersion(_ word: Slice<UnsafeRawBufferPointer>) throws(CodecError) {
    guard word.starts(with: "HTTP/".utf8) else { throw refused(.badRequest, "a message is not of HTTP") }
    guard word.elementsEqual("HTTP/1.1".utf8) || word.elementsEqual("HTTP/1.0".utf8) else {
      throw refused(.versionNotSupported, "a message is of \(String(decoding: word.prefix(16), as: UTF8.self))")
    }
    head.isVersion10 = word.last == UInt8(ascii: "0")
  }

  mutating func takeField(_ line: UnsafeRawBufferPointer) throws(CodecError) {
    fieldCount += 1
    guard fieldCount <= limits.maxHeaders else {
      refusal = .fieldsTooLarge
      throw CodecError(.sizeLimitExceeded, "a message of HTTP has more than \(limits.maxHeaders) headers")
    }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
      line[..<colon].allSatisfy(\.isHTTPToken)
    else {
      throw refused(.badRequest, "a header of HTTP has no name")
    }
    let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
    var value = line[(colon + 1)...].drop(while: \.isHTTPSpace)
    while let last = value.last, last.isHTTPSpace { value.removeLast() }
    let text = String(decoding: value, as: UTF8.self)
    switch name {
    case "content-length": try takeLength(text)
    case "transfer-encoding":
      guard text.lowercased() == "chunked", !isChunked else {
        throw refused(.notImplemented, "a body of HTTP is encoded as \"\(text.prefix(32))\"")
      }
      isChunked = true
    case "connection":
      for word in text.lowercased().split(whereSeparator: { $0 == "," || $0 == " " }) {
        if word == "close" { saysClose = true }
        if word == "keep-alive" { saysKeepAlive = true }
      }
    case "expect": awaitsContinue = text.lowercased() == "100-continue"
    default: break
    }
    head.headers[name] = head.headers[name].map { "\($0), \(text)" } ?? text
  }

  private mutating func takeLength(_ text: String) throws(CodecError) {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else {
      throw refused(.badRequest, "the length of a body of HTTP is \"\(text.prefix(32))\"")
    }
    let length = Int(text) ?? .max
    // Two lengths, and the next machine on the way may believe the other one.
    guard contentLength == nil || contentLength == length else {
      throw refused(.badRequest, "a body of HTTP has two lengths")
    }
    // What is no success is not read to such an end.
    guard length <= limits.maxMessageBytes || role == .response && !isSuccess else { throw tooLarge(length) }
    contentLength = length
  }

  /// Takes the empty line after the fields; whether the message ends here.
  mutating func endHead() throws(CodecError) -> Bool {
    if role == .response, (100..<200).contains(status), status != 101 {
      // An interim response; the real one follows.
      self = Self(role, after: self)
      return false
    }
    if role == .request { try checkBrowser() }
    guard contentLength == nil || !isChunked else {
      throw refused(.badRequest, "a body of HTTP has a length and is chunked")
    }
    head.keepsAlive = head.isVersion10 ? saysKeepAlive && !saysClose : !saysClose
    body = position..<position
    if isChunked {
      stage = .chunkSize
    } else if let contentLength {
      stage = .fixed(contentLength)
    } else if role == .request {
      throw refused(.lengthRequired, "a request of HTTP does not say how long its body is")
    } else if status == 204 || status == 304 {
      return true
    } else {
      stage = .untilEnd
      head.keepsAlive = false
    }
    return false
  }

  /// Refuses what a page of another site may make a browser send without being asked: such a request has no content type
  /// of Thrift. With one, the browser asks for leave first, and gets none.
  private mutating func checkBrowser() throws(CodecError) {
    guard head.headers["origin"] != nil || head.headers["sec-fetch-site"] != nil else { return }
    let type = head.headers["content-type", default: ""].lowercased()
    guard type.hasPrefix("application/x-thrift") || type.hasPrefix("application/vnd.apache.thrift") else {
      throw refused(.unsupportedMediaType, "a browser sends a request whose content type is not one of Thrift")
    }
  }

  /// A parser of the message that follows where another one is.
  private init(_ role: Role, after other: Self) {
    self.init(role, limits: other.limits)
    position = other.position
    lineStart = other.position
    headBytes = other.headBytes
  }
}
