import SeaThriftTime

/// The name service of a simulated world.
package final class SimulatedNames {
  /// What is known about a name.
  package struct Record {
    package var addresses: [UInt32]
    /// Whether look-ups fail, whatever the addresses.
    package var isFailing = false
    /// How long a look-up takes; the record as it is then counts.
    package var delay = Duration.zero

    package init(addresses: [UInt32]) { self.addresses = addresses }
  }

  /// How long a look-up takes for a name that is not known.
  package var defaultDelay = Duration.zero
  private var records: [String: Record] = [:]

  init() {}

  /// What is known about `name`.
  package subscript(name: String) -> Record? {
    get { records[name] }
    set { records[name] = newValue }
  }

  func resolve(
    _ name: String, port: UInt16, on system: SimulatedSystem
  ) async throws(SocketError) -> [SocketAddress] {
    let delay = records[name]?.delay ?? defaultDelay
    if delay <= .zero { return try answer(name, port: port, on: system.host).get() }
    let signal = Signal<Result<[SocketAddress], SocketError>>()
    let world = system.world
    let timer = world.schedule(
      .onLoop(system) { signal.give(self.answer(name, port: port, on: system.host)) },
      at: world.now.advanced(by: delay))
    defer { world.cancel(timer) }
    return try await signal.outcome()
  }

  private func answer(
    _ name: String, port: UInt16, on host: SimulatedHost
  ) -> Result<[SocketAddress], SocketError> {
    let found =
      records[name].flatMap { $0.isFailing ? nil : $0.addresses } ?? (name == "localhost" ? [0x7F00_0001] : [])
    host.record(.resolved, detail: found.count, text: name)
    if found.isEmpty { return .failure(SocketError(.unknownHost, "\(name): no address (simulated)")) }
    return .success(found.map { SocketAddress(.ipv4($0, port: port)) })
  }
}
