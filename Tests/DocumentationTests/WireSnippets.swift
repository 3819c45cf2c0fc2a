import SeaThrift

func compactOverHTTP() async throws -> String {
  var configuration = ClientConfiguration()
  configuration.framing = .http
  configuration.format = .compact
  configuration.httpPath = "/dictionary"
  return try await withServiceGroup("words", at: [.tcp("10.0.0.1", 9090)], configuration: configuration) { group in
    try await Dictionary.Client(group).define(word: "thrift")
  }
}

func onlyFramed() async throws {
  var configuration = ServerConfiguration()
  configuration.framings = [.framed, .header]
  configuration.formats = [.binary, .compact]  // Without .oldBinary: messages need a version.
  try await ThriftServer(on: .tcp("0.0.0.0", 9090), configuration: configuration) {
    Dictionary.service(DictionaryHandler())
  }.run()
}

func withTenant(_ words: Dictionary.Client) async throws {
  let (meaning, headers) = try await withRequestHeaders(["tenant": "blue"]) {
    try await withReplyHeaders { try await words.define(word: "thrift") }
  }
  print(meaning, headers["cache"] ?? "not from a cache")
}

struct TenantHandler: Dictionary.Handler {
  func define(word: String) async throws -> String {
    let context = CallContext.current
    let tenant = context?.requestHeaders["tenant"] ?? "nobody"
    if context?.framing.carriesHeaders == true { try context?.setReplyHeader("cache", "hit") }
    return "\(word), as \(tenant) knows it"
  }

  func looked(word: String) async throws {}
}
