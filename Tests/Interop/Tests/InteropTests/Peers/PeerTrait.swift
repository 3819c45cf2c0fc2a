import Foundation
import Testing

/// Skips tests whose peer is not installed, and says what to install. With `SEATHRIFT_REQUIRE_PEERS=1` in the
/// environment they fail instead.
struct PeerTrait: TestTrait, SuiteTrait {
  let peer: Peer
  let features: [Peer.Feature]

  func prepare(for test: Test) async throws {
    do {
      try await peer.prepare(with: features)
    } catch let error as PeerUnavailable {
      if ProcessInfo.processInfo.environment["SEATHRIFT_REQUIRE_PEERS"] == "1" { throw error }
      try Test.cancel("\(error)")
    }
  }
}

extension Trait where Self == PeerTrait {
  /// The tests run programs of the peer.
  static func needs(_ peer: Peer, _ features: Peer.Feature...) -> Self { Self(peer: peer, features: features) }
}
