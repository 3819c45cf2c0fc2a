import Foundation
import PlantsIDL
import SeaThrift
import Testing

extension Arrangement {
  /// Makes every call to the peer's server.
  func callPeer() async throws {
    try await withClientsOfPeer { try await $0.makeAllCalls() }
  }

  /// Makes the peer's client call our server.
  ///
  /// - Throws: when the client complains.
  func beCalledByPeer() async throws {
    try await Self.beCalledByPeer([self])
  }

  /// Runs the peer's server while `body` runs, and passes clients of it.
  func withClientsOfPeer(_ body: (HerbariumChecks) async throws -> Void) async throws {
    try await place.withAddress { address in
      let host = address.port == nil ? "\(address)" : place.rawValue
      var command = peer.command(.server) + flags + ["--listen", host]
      if isNonblocking { command += ["--server", "nonblocking"] }
      try await PeerProcess.withServer(command) { listening in
        let endpoint = place.address(address, port: Int(listening))
        try await withServiceGroup("herbarium", at: [endpoint], configuration: configuration("Herbarium")) {
          herbarium in
          try await withServiceGroup("archive", at: [endpoint], configuration: configuration("Archive")) { archive in
            try await body(
              HerbariumChecks(
                herbarium: .init(herbarium), archive: .init(archive), register: hasUUIDs ? .init(herbarium) : nil,
                peer: peer, keepsNUL: peer != .cpp || dialect != .json))
          }
        }
      }
    }
  }

  /// Runs our server and, one after the other, the peer's client in each of the arrangements.
  ///
  /// - Throws: when a client complains.
  static func beCalledByPeer(_ arrangements: [Arrangement]) async throws {
    guard let place = arrangements.first?.place else { return }
    let areMultiplexed = arrangements.contains(where: \.isMultiplexed)
    try await place.withAddress { address in
      var configuration = ServerConfiguration()
      configuration.log = nil  // Handlers that fail are part of the test.
      let handler = HerbariumHandler()
      try await withThriftServer(on: address, configuration: configuration) {
        Plants.Register.service(handler)
        if areMultiplexed {
          Plants.Herbarium.service(handler)
          Plants.Archive.service(handler)
        }
      } body: { listening in
        for arrangement in arrangements {
          try await arrangement.runClient(of: place.address(listening, port: listening.port))
        }
      }
    }
  }

  private func runClient(of endpoint: EndpointAddress) async throws {
    let command = peer.command(.client) + flags + ["--connect", "\(endpoint)"]
    let (status, output) = try await PeerProcess.run(command, within: .seconds(120))
    if status != 0 { throw PeerFailure("the client", status, output) }
  }

  /// Generous timeouts: a busy machine must fail no test.
  private func configuration(_ service: String) -> ClientConfiguration {
    var configuration = ClientConfiguration()
    configuration.framing = framing
    configuration.format = format
    configuration.policy.perEndpoint.timeouts = Timeouts(
      connect: .seconds(10), pool: .seconds(10), write: .seconds(10), read: .seconds(10))
    configuration.policy.retry = Retry(0)
    configuration.multiplexedService = isMultiplexed ? service : nil
    return configuration
  }
}
