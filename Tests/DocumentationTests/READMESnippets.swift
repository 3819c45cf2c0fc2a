import SeaThrift

actor UsersHandler: Users.Handler {
  private var users: [Int32: User] = [:]

  func store(user: User) async throws { users[user.id] = user }

  func retrieve(id: Int32) async throws -> User {
    guard let user = users[id] else { throw NotFound(id: id) }
    return user
  }
}

func serve() async throws {
  try await ThriftServer(on: .tcp("0.0.0.0", 9090)) { Users.service(UsersHandler()) }.run()
}

func greet() async throws {
  try await withServiceGroup("users", at: [.tcp("10.0.0.1", 9090), .tcp("10.0.0.2", 9090)]) { group in
    let users = Users.Client(group)
    try await users.store(user: User(id: 2, name: "Grace"))
    print("hello", try await users.retrieve(id: 2).name)
  }
}
