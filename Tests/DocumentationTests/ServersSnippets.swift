import SeaThrift

func serveBoth(_ users: some Users.Handler, _ dictionary: some Dictionary.Handler) async throws {
  var configuration = ServerConfiguration()
  configuration.maxConnections = 10_000
  configuration.idleTimeout = .seconds(600)
  configuration.gracePeriod = .seconds(20)
  try await ThriftServer(on: .tcp("::", 9090), configuration: configuration) {
    Users.service(users)
    Dictionary.service(dictionary)
  }.run()
}

func inTests() async throws {
  try await withThriftServer(on: .tcp("127.0.0.1", 0)) {
    Dictionary.service(DictionaryHandler())
  } body: { address in
    try await look(at: address)
  }
}
