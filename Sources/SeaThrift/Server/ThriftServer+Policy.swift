import SeaThriftTime

extension ThriftServer {
  /// The limits that are in force.
  public var policy: ServerPolicy { guards.withLock { $0.policy } }

  /// How many places calls have in limits, for tests that count what is left when there are no calls.
  package var placesTaken: Int { guards.withLock { $0.placesTaken } }

  /// Takes new limits while the server runs, for all calls that arrive when it has returned. Calls that run or wait end as
  /// they began, connections stay, and a limit that is the same as before keeps what it knows.
  ///
  /// - Throws: ``PolicyError`` when a value is out of its range, ``ConfigurationError`` when a method is named that there
  ///   is not; then nothing changes.
  public nonisolated(nonsending) func update(_ policy: ServerPolicy) async throws {
    try policy.validate()
    try Self.check(policy, methods)
    // In one order for all loops, so that two updates at once do not mix.
    try guards.withLock { factory in
      let fresh = try GuardFactory(configuration, policy, after: factory)
      var guards: [String: CallGuards] = [:]
      for (method, declared) in methods { guards[method] = fresh.guards(of: method, declaredAs: declared) }
      factory = fresh
      for shard in shards { shard.loop.execute { [guards] in shard.services.update(guards) } }
    }
    for shard in shards { await shard.loop.run {} }
  }

  /// The methods as `Service.method`, by the service that is hosted, each with the name that its declaration has.
  static func names(of services: [ThriftService]) -> [String: String] {
    [String: String](
      services.flatMap { service in service.methods.map { ("\(service.name).\($0.name)", $0.declaredName) } },
      uniquingKeysWith: { $1 })
  }

  /// Throws when a policy names a method that there is not.
  static func check(_ policy: ServerPolicy, _ methods: [String: String]) throws(ConfigurationError) {
    let names = Set(methods.keys).union(methods.values)
    guard let unknown = policy.methods.keys.filter({ !names.contains($0) }).min() else { return }
    let hint = KnownMethods(names: methods.keys).hint(for: unknown)
    throw ConfigurationError("policy.methods names \"\(unknown)\", which is no Service.method of the server\(hint)")
  }
}
