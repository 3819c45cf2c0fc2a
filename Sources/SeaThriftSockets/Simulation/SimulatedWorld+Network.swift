import SeaThriftTime

extension SimulatedWorld {
  /// Adds a host. Its name resolves to its address.
  ///
  /// - Parameter address: the IPv4 address, first byte on top; `nil` for the next one of 10.0.0.0/8.
  package func addHost(_ name: String, address: UInt32? = nil, loopCount: Int = 1) -> SimulatedHost {
    var address = address ?? 0x0A00_0001 + UInt32(hosts.count)
    while hostsByAddress[address] != nil { address += 1 }
    let host = SimulatedHost(name: name, index: hosts.count, address: address, loopCount: loopCount, world: self)
    hosts.append(host)
    hostsByAddress[address] = host
    if names[name] == nil { names[name] = SimulatedNames.Record(addresses: [address]) }
    return host
  }

  /// The host of that name.
  package func host(named name: String) -> SimulatedHost? { hosts.first { $0.name == name } }

  /// The way from one host to another.
  package func link(from source: SimulatedHost, to target: SimulatedHost) -> SimulatedLink {
    let key = LinkKey(source: source.index, target: target.index)
    if let link = links[key] { return link }
    // From the seed and the two hosts alone, so that it does not matter which link is used first.
    var seed = TraceHash()
    for word in [self.seed, UInt64(source.index), UInt64(target.index)] { seed.add(word) }
    let link = SimulatedLink(
      source === target ? .loopback : defaultLink, from: source, to: target,
      generator: SeededGenerator(seed: seed.value))
    links[key] = link
    return link
  }

  // MARK: Partitions

  /// Swallows every packet between the hosts of one set and those of the other, from now on.
  package func partition(_ some: [SimulatedHost], _ others: [SimulatedHost]) {
    setPartitioned(true, some, others)
    trace.record(.partition, at: now, host: nil, text: Self.text(some, others))
  }

  /// Swallows every packet between a host and all others, from now on.
  package func isolate(_ host: SimulatedHost) {
    host.isIsolated = true
    trace.record(.partition, at: now, host: host)
  }

  /// Ends what ``isolate(_:)`` began.
  package func rejoin(_ host: SimulatedHost) {
    host.isIsolated = false
    trace.record(.heal, at: now, host: host)
  }

  /// Ends what ``partition(_:_:)`` began, for these hosts.
  package func heal(_ some: [SimulatedHost], _ others: [SimulatedHost]) {
    setPartitioned(false, some, others)
    trace.record(.heal, at: now, host: nil, text: Self.text(some, others))
  }

  /// Ends all partitions.
  package func healAll() {
    for link in links.values { link.isPartitioned = false }
    for host in hosts { host.isIsolated = false }
    trace.record(.heal, at: now, host: nil, text: "everything")
  }

  private func setPartitioned(_ isPartitioned: Bool, _ some: [SimulatedHost], _ others: [SimulatedHost]) {
    for one in some {
      for other in others where one !== other {
        link(from: one, to: other).isPartitioned = isPartitioned
        link(from: other, to: one).isPartitioned = isPartitioned
      }
    }
  }

  private static func text(_ some: [SimulatedHost], _ others: [SimulatedHost]) -> String {
    "\(some.map(\.name).joined(separator: " ")) | \(others.map(\.name).joined(separator: " "))"
  }

  /// Resets every connection between the hosts of one set and those of the other, on both ends.
  package func resetConnections(_ some: [SimulatedHost], _ others: [SimulatedHost]) {
    let addresses = Set(others.map(\.address))
    for host in some {
      for (_, socket) in host.sockets.sorted(by: { $0.key < $1.key }) {
        guard let peer = socket.other, addresses.contains(peer.host.address), socket.phase == .open else { continue }
        schedule(
          .call {
            socket.resetArrived()
            peer.resetArrived()
          }, at: now)
      }
    }
  }
}
