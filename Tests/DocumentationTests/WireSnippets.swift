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

func store(_ users: [User], by name: [String: User]) throws -> [User] {
  let bytes = try users.thriftBytes(.compact)
  let index = try name.thriftBytes()
  print(try [String: User](thriftBytes: index).count)
  return try [User](thriftBytes: bytes, .compact)
}

func pages(_ file: [UInt8]) throws -> [[UInt8]] {
  var rest = file[...]
  var pages: [[UInt8]] = []
  while !rest.isEmpty {
    var size = 0
    let header = try PageHeader(prefixOf: rest, .compact, consumed: &size)
    let page = rest.dropFirst(size).prefix(Int(header.size))
    pages.append(Array(page))
    rest = rest[page.endIndex...]
  }
  return pages
}

func answer(_ datagram: [UInt8], from sender: EndpointAddress, _ processor: ThriftProcessor) async throws -> [UInt8]? {
  try await processor.reply(to: datagram, from: sender)
}

func makeProcessor() throws -> ThriftProcessor {
  try ThriftProcessor { Dictionary.service(DictionaryHandler()) }
}
