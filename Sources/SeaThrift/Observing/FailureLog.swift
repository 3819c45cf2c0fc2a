import SeaThriftWire

/// Tells a server's log and its observer of what must not be lost.
struct FailureLog: Sendable {
  let first: (any ServerObserver)?
  let second: (any ServerObserver)?

  func handlerFailed(_ method: String, peer: EndpointAddress, error: any Error) {
    first?.handlerFailed(method, peer: peer, error: error)
    second?.handlerFailed(method, peer: peer, error: error)
  }

  func clientNotRecognised(peer: EndpointAddress, looksLike client: UnrecognisedClient) {
    first?.clientNotRecognised(peer: peer, looksLike: client)
    second?.clientNotRecognised(peer: peer, looksLike: client)
  }

  func acceptFailed(_ error: any Error) {
    first?.acceptFailed(error)
    second?.acceptFailed(error)
  }
}
