import SeaThriftSockets

/// Creates a group, runs it while `body` does, and closes it afterwards, also when `body` throws.
///
/// - Parameters: as those of ``ServiceGroup``.
public nonisolated(nonsending) func withServiceGroup<Value>(
  _ name: String, at endpoints: EndpointSource, configuration: ClientConfiguration = ClientConfiguration(),
  network: Network = .current, @PolicyBuilder policies: () -> [PolicyElement],
  body: nonisolated(nonsending) (ServiceGroup) async throws -> Value
) async throws -> Value {
  try await living(
    try ServiceGroup(
      name, at: endpoints, configuration, PolicyDeclaration(configuration.policy, policies()), network),
    during: body)
}

/// Creates a group, runs it while `body` does, and closes it afterwards, also when `body` throws.
///
/// - Parameters: as those of ``ServiceGroup``.
public nonisolated(nonsending) func withServiceGroup<Value>(
  _ name: String, at endpoints: EndpointSource, configuration: ClientConfiguration = ClientConfiguration(),
  network: Network = .current, _ body: nonisolated(nonsending) (ServiceGroup) async throws -> Value
) async throws -> Value {
  try await living(
    try ServiceGroup(name, at: endpoints, configuration: configuration, network: network), during: body)
}

private nonisolated(nonsending) func living<Value>(
  _ group: ServiceGroup, during body: (ServiceGroup) async throws -> Value
) async throws -> Value {
  // A child of this scope, which ends when the group is closed.
  async let life: Void = group.run()
  let result: Result<Value, any Error>
  do { result = .success(try await body(group)) } catch { result = .failure(error) }
  await group.close()
  _ = try? await life
  return try result.get()
}
