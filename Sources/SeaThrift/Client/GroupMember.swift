import SeaThriftTime

/// An endpoint of a group, and what the group knows of it.
final class GroupMember: @unchecked Sendable {
  // @unchecked: confined to the loop's thread.

  let endpoint: Endpoint
  /// Its slot of the balancer, while it is listed.
  var slot: Int?
  var lastUsed: Instant
  var attempts = 0

  init(_ endpoint: Endpoint, at now: Instant) {
    self.endpoint = endpoint
    lastUsed = now
  }
}

/// The groups that are the same on other loops; none keeps another alive by this.
final class OtherGroups: Sendable {
  private struct Reference: Sendable { weak var group: ServiceGroup? }

  private let references = Lock([Reference]())

  var groups: [ServiceGroup] { references.withLock { $0 }.compactMap(\.group) }

  func set(_ groups: [ServiceGroup]) { references.withLock { $0 = groups.map { Reference(group: $0) } } }
}
