import Glibc
import SeaThriftTime

extension SimulatedHost {
  /// How long a client waits for the answer to its first SYN before it sends another; doubled each time.
  private static let synTimeout: Int64 = 1_000_000_000
  /// How many SYNs are sent again: `tcp_syn_retries` of Linux.
  private static let synRetries = 6

  func takeDescriptor() throws(SocketError) {
    guard descriptors < descriptorLimit else { throw SocketError(errno: EMFILE, during: "socket on \(name)") }
    descriptors += 1
  }

  // MARK: Connecting

  /// Begins to connect; the socket becomes writable when it is known how that ended.
  func connect(to address: SocketAddress, by system: SimulatedSystem) throws(SocketError) -> SimulatedSocket {
    try takeDescriptor()
    let local = SocketAddress(.ipv4(self.address, port: freePort()))
    let socket = SimulatedSocket(id: world.nextConnection, host: self, local: local, peer: address)
    socket.system = system
    world.nextConnection += 1
    record(.connect, connection: socket.id, text: "\(address)")
    if let target = target(of: address) {
      sendSyn(from: socket, to: target, attempt: 0)
    } else {
      // Nobody answers the question who has this address: ARP gives up after three seconds.
      let error = SocketError(errno: EHOSTUNREACH, during: "connect to \(address)")
      world.schedule(.call { socket.fail(error) }, at: world.now.advanced(by: .seconds(3)))
    }
    return socket
  }

  private func target(of address: SocketAddress) -> SimulatedHost? {
    switch address.kind {
    case .unix, .abstractUnix: return self
    case .ipv4(let number, _): return isOwn(number) ? self : world.hostsByAddress[number]
    case .ipv6(let high, let low, _, _): return high == 0 && low <= 1 ? self : nil
    }
  }

  private func isOwn(_ number: UInt32) -> Bool { number >> 24 == 127 || number == 0 || number == address }

  private func sendSyn(from client: SimulatedSocket, to target: SimulatedHost, attempt: Int) {
    let link = world.link(from: self, to: target)
    let arrival = world.schedule(
      .call { target.synArrived(from: client, by: link) }, at: link.arrival(of: 60, sentAt: world.now))
    let timeout = Self.synTimeout << Int64(attempt)
    let timer = world.schedule(
      .call { [self] in
        guard attempt < Self.synRetries else {
          client.fail(SocketError(errno: ETIMEDOUT, during: "connect to \(client.peer)"))
          return
        }
        record(.retransmit, connection: client.id, detail: attempt + 1)
        sendSyn(from: client, to: target, attempt: attempt + 1)
      }, at: world.now.after(timeout))
    client.whenSettled = { [world] in
      world.cancel(timer)
      world.cancel(arrival)
    }
  }

  /// A client's SYN has arrived at this host, unless it was lost on the way.
  private func synArrived(from client: SimulatedSocket, by link: SimulatedLink) {
    guard isUp, !link.isBlocked, admission != .ignore, client.phase == .connecting, !link.losesPacket() else { return }
    if client.other == nil {
      guard admission == .normal, let listener = listener(for: client.peer) else {
        answer(client) { $0.fail(SocketError(errno: ECONNREFUSED, during: "connect to \($0.peer)")) }
        return
      }
      // A full accept queue: Linux drops the SYN, and the client tries again.
      guard listener.reserve() else { return }
      record(.arriveSyn, connection: client.id, text: "\(client.local)")
      let server = SimulatedSocket(id: client.id, host: self, local: listener.address, peer: client.local)
      server.awaitHandshake(for: listener)
      SimulatedSocket.connect(client, server)
    }
    answer(client) { client in
      client.established()
      client.host.record(.connected, connection: client.id)
      client.outgoing?.sendHandshake()
    }
  }

  /// Sends the client an answer to its SYN.
  private func answer(_ client: SimulatedSocket, _ answer: @escaping (SimulatedSocket) -> Void) {
    let link = world.link(from: self, to: client.host)
    world.schedule(
      .call {
        guard !link.isBlocked, client.host.isUp else { return }
        if client.phase == .connecting {
          answer(client)
        } else if client.phase == .gone {
          // The client has given up meanwhile, and answers that it knows nothing of this connection.
          client.other?.handshakeEnded(isEstablished: false)
        }
      }, at: link.arrival(of: 60, sentAt: world.now))
  }

  private func listener(for address: SocketAddress) -> SimulatedListener? {
    switch address.kind {
    case .unix, .abstractUnix: listeners[address.kind]
    case .ipv4(let number, let port):
      listeners[.ipv4(number == 0 ? 0x7F00_0001 : number, port: port)] ?? listeners[.ipv4(0, port: port)]
        ?? listeners[.ipv6(high: 0, low: 0, port: port, zone: 0)]
    case .ipv6(let high, let low, let port, let zone):
      listeners[.ipv6(high: high, low: low, port: port, zone: zone)]
        ?? listeners[.ipv6(high: 0, low: 0, port: port, zone: 0)]
    }
  }

  // MARK: Listening

  func listen(
    on address: SocketAddress, backlog: Int, by system: SimulatedSystem
  ) throws(SocketError) -> SimulatedListener {
    var bound = address
    // "::" takes the clients of IPv4 too, as on the kernel's sockets.
    var rival: SocketAddress.Kind?
    switch address.kind {
    case .ipv4(let number, let port):
      guard isOwn(number) else { throw SocketError(errno: EADDRNOTAVAIL, during: "bind to \(address) on \(name)") }
      if port == 0 { bound = bound.with(port: freePort()) }
      if number == 0 { rival = .ipv6(high: 0, low: 0, port: bound.port ?? 0, zone: 0) }
    case .ipv6(let high, let low, let port, _):
      guard high == 0, low <= 1 else {
        throw SocketError(errno: EADDRNOTAVAIL, during: "bind to \(address) on \(name)")
      }
      if port == 0 { bound = bound.with(port: freePort()) }
      if low == 0 { rival = .ipv4(0, port: bound.port ?? 0) }
    case .unix, .abstractUnix: break
    }
    guard listeners[bound.kind] == nil, rival.map({ listeners[$0] == nil }) ?? true else {
      throw SocketError(errno: EADDRINUSE, during: "bind to \(bound) on \(name)")
    }
    try takeDescriptor()
    world.nextConnection += 1
    let listener = SimulatedListener(
      id: world.nextConnection, host: self, address: bound, backlog: backlog, system: system)
    listeners[bound.kind] = listener
    record(.listen, text: "\(bound)")
    return listener
  }
}
