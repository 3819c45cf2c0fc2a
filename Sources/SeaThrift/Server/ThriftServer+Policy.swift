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
      for method in methods { guards[method.qualifiedName] = fresh.guards(of: method) }
      factory = fresh
      for shard in shards { shard.loop.execute { [guards] in shard.services.update(guards) } }
    }
    for shard in shards { await shard.loop.run {} }
  }

  /// Throws when a policy names a method that there is not.
  static func check(_ policy: ServerPolicy, _ methods: [HostedMethod]) throws(ConfigurationError) {
    let hosted = methods.map(\.qualifiedName)
    let names = Set(hosted + methods.map(\.facts.qualifiedName))
    guard let unknown = policy.methods.keys.filter({ !names.contains($0) }).min() else { return }
    let hint = KnownMethods(names: hosted).hint(for: unknown)
    throw ConfigurationError("policy.methods names \"\(unknown)\", which is no Service.method of the server\(hint)")
  }
}
