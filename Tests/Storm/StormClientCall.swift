import SeaThriftTesting

/// One random call of a storm's client.
struct StormClientCall: Sendable {
  enum Kind { case work, spend, look }

  let id: Int64
  let kind: Kind
  let request: StormRequest
  /// Its own deadline.
  let deadline: Duration?
  /// After what time it is cancelled.
  let patience: Duration?
  /// What it has of its own.
  let own: CallPolicy?

  init(_ id: Int64, _ plan: StormPlan.Client, using generator: inout SeededGenerator) {
    self.id = id
    let milliseconds = generator.int(0...plan.slowestHandler)
    let size = generator.int(0...plan.largestPayload)
    let payload = generator.int(0...plan.largestPayload)
    kind = generator.chance(plan.spendShare) ? .spend : generator.chance(plan.policy.lookShare) ? .look : .work
    request =
      kind == .look
      ? Self.look(generator.int(1...5), plan)
      : StormRequest(
        id: id, milliseconds: Int32(milliseconds), size: Int32(size),
        payload: StormRequest.payload(for: id, count: payload))
    deadline = generator.chance(plan.policy.deadlineShare) ? generator.milliseconds(1...2000) : nil
    patience = generator.chance(plan.cancelShare) ? generator.milliseconds(1...2000) : nil
    own = generator.chance(0.5) ? plan.policy.own : nil
  }

  /// One that the handler does not refuse.
  init(_ id: Int64, recovering kind: Kind) {
    self.id = id
    self.kind = kind
    request = StormRequest(id: (kind == .look ? id % 5 : id) * 1001 * 26 + 1)
    deadline = nil
    patience = nil
    own = nil
  }

  /// A request that several calls make, all alike.
  private static func look(_ number: Int, _ plan: StormPlan.Client) -> StormRequest {
    let id = 1_000_000_007 + Int64(number)
    return StormRequest(
      id: id, milliseconds: Int32(number * plan.slowestHandler / 5), size: Int32(number * plan.largestPayload / 5),
      payload: StormRequest.payload(for: id, count: number * plan.largestPayload / 5))
  }

  func make(_ group: ServiceGroup) async throws -> [UInt8] {
    guard let own else { return try await makePlain(group) }
    return try await withPolicy {
      if let deadline = own.deadline { deadline }
      if let retry = own.retry { retry }
      if let timeouts = own.timeouts { timeouts }
      if let hedge = own.hedge { hedge }
      if let cache = own.cache { cache }
    } operation: {
      try await makePlain(group)
    }
  }

  private func makePlain(_ group: ServiceGroup) async throws -> [UInt8] {
    switch kind {
    case .work: try await group.call(StormService.work, request)
    case .spend: try await group.call(StormService.spend, request)
    case .look: try await group.call(StormService.look, request)
    }
  }
}

extension StormPlan.Client {
  /// How long a call can take: every wait and every attempt all of its time, with a clock that is 5 % slow. (A large
  /// request is written in two parts.)
  func longestCall(with own: CallPolicy?) -> Duration {
    var longest = longestAlone(with: own)
    // Each that shares the call may have to make it itself in the end.
    if policy.singleFlight != nil {
      longest += max(longestAlone(with: nil), longestAlone(with: policy.own)) * callers
    }
    for deadline in [configuration.policy.deadline, own?.deadline] {
      longest = min(longest, deadline?.after ?? longest)
    }
    if policy.hasSpare { longest += StormSpare.longestCall }
    return longest * 1.06
  }

  private func longestAlone(with own: CallPolicy?) -> Duration {
    let all = configuration.policy
    let (retry, timeouts) = (own?.retry ?? all.retry, own?.timeouts ?? all.perEndpoint.timeouts)
    let parts = [timeouts.connect, timeouts.pool, timeouts.write, timeouts.write, timeouts.read]
    let attempt = parts.reduce(Duration.zero) { $0 + ($1 ?? .zero) }
    var longest = min(timeouts.attempt ?? attempt, attempt) * (1 + retry.retries)
    // A hedge begins while the first attempt runs.
    if policy.hedge != nil || own?.hedge != nil { longest *= 2 }
    longest += max(StormPolicy.longestPause, retry.pushBackLimit) * retry.retries
    longest += (all.bulkhead?.wait ?? .zero) + (all.rateLimit?.wait ?? .zero)
    // Its queue has no end but the deadline's.
    if let limit = all.adaptiveLimit, limit.waiters > 0 { longest += all.deadline?.after ?? .seconds(1_000_000) }
    if order == .name { longest += timeouts.connect ?? .zero }
    if policy.hasStore { longest += configuration.cacheStoreTimeout * 2 }
    return longest
  }
}
