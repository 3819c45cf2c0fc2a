import SeaThrift

/// What the servers have in common: the users, as if both kept the same database.
actor Database {
  private var users: [Int32: UserProfile] = [:]

  func store(_ user: UserProfile) { users[user.id] = user }

  func retrieve(_ id: Int32) -> UserProfile? { users[id] }
}

/// The handler of one server, which can be told to hang.
actor Storage: UserStorage.Handler {
  private let database: Database
  private var isHanging = false

  init(_ database: Database) { self.database = database }

  func hang(_ isHanging: Bool) { self.isHanging = isHanging }

  func store(user: UserProfile) async throws {
    try await work()
    await database.store(user)
  }

  func retrieve(id: Int32) async throws -> UserProfile {
    try await work()
    guard let user = await database.retrieve(id) else { throw NotFound(id: id) }
    return user
  }

  /// Answers at once, or not at all: then the task is cancelled when the client hangs up.
  private func work() async throws {
    if isHanging { try await Task.sleep(for: .seconds(60)) }
  }
}
