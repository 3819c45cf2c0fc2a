import SeaThrift

struct DictionaryHandler: Dictionary.Handler {
  func define(word: String) async throws -> String {
    guard word == "thrift" else { throw Unknown(word: word) }
    return "a plant of the sea cliffs"
  }

  func looked(word: String) async throws {}
}

func runDictionary() async throws {
  let server = try ThriftServer(on: .tcp("127.0.0.1", 0)) { Dictionary.service(DictionaryHandler()) }
  print("listening at \(try await server.bind())")
  try await server.run()
}

func look(at address: EndpointAddress) async throws {
  let dictionary = Dictionary.Client(try Endpoint(address))
  do {
    print(try await dictionary.define(word: "thrift"))
  } catch let error as Unknown {
    print("nobody knows \(error.word)")
  } catch let error as RPCError where error.code == .readTimeout {
    print("too slow: \(error)")
  }
}

func roundTrip(_ user: User) throws -> User {
  let bytes = try user.thriftBytes(.binary)
  return try User(thriftBytes: bytes, .binary)
}
