import SeaThriftSockets

extension World {
  // MARK: Links

  /// What links between hosts are like that were neither used nor described before.
  public func setDefaultLink(_ profile: LinkProfile) { core.defaultLink = profile }

  /// Describes the way from one host to another and back.
  public func setLink(_ one: Host, _ other: Host, _ profile: LinkProfile) {
    setLink(from: one, to: other, profile)
    setLink(from: other, to: one, profile)
  }

  /// Describes the way from one host to another, in this direction only.
  public func setLink(from source: Host, to target: Host, _ profile: LinkProfile) {
    core.link(from: source.core, to: target.core).profile = profile
  }

  // MARK: Partitions

  /// Swallows all packets between the hosts of one set and those of the other, both ways, until they are healed. TCP
  /// goes on trying: what is under way arrives some time after healing.
  public func partition(_ some: [Host], _ others: [Host]) { core.partition(some.map(\.core), others.map(\.core)) }

  /// Swallows all packets between a host and all others, until it rejoins them.
  public func isolate(_ host: Host) { core.isolate(host.core) }

  /// Ends ``isolate(_:)``.
  public func rejoin(_ host: Host) { core.rejoin(host.core) }

  /// Ends the partition between the hosts of one set and those of the other.
  public func heal(_ some: [Host], _ others: [Host]) { core.heal(some.map(\.core), others.map(\.core)) }

  /// Ends all partitions, and the isolation of all hosts.
  public func heal() { core.healAll() }

  /// Resets all connections between the hosts of one set and those of the other.
  public func reset(_ some: [Host], _ others: [Host]) {
    core.resetConnections(some.map(\.core), others.map(\.core))
  }

  // MARK: Names

  /// Has a name resolve to hosts, in this order, whatever it resolved to before; none: the name is unknown.
  public func setName(_ name: String, to hosts: [Host]) {
    var record = core.names[name] ?? SimulatedNames.Record(addresses: [])
    record.addresses = hosts.map(\.core.address)
    core.names[name] = record
  }

  /// Has look-ups of a name fail, or succeed again.
  public func setName(_ name: String, isFailing: Bool) {
    var record = core.names[name] ?? SimulatedNames.Record(addresses: [])
    record.isFailing = isFailing
    core.names[name] = record
  }

  /// Has look-ups of a name take some time; the answer is the one at the end of it. Default zero.
  public func setName(_ name: String, delay: Duration) {
    var record = core.names[name] ?? SimulatedNames.Record(addresses: [])
    record.delay = delay
    core.names[name] = record
  }
}
