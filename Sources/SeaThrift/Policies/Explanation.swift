import Resilience

extension ServiceGroup {
  /// The policies that a call of a method meets, in their order, each with its value and where that comes from. Within a
  /// ``withPolicy(_:operation:)``, those of the calls in it.
  ///
  /// ```text
  /// Users.retrieve, idempotent
  ///   Deadline        "300ms"                                    method; the group's "800ms" is longer
  ///   Cache           none
  ///   Retry           {"retries": 2, …}                          group
  /// ```
  public func explain(_ method: some ThriftMethod) -> String {
    let method = method.descriptor
    let policy = policy
    let own = policy.methods[method.qualifiedName] ?? MethodPolicy()
    let call = CallOptions.current?.override?.policy ?? CallPolicy()
    let standard = Policy.default
    let mayRepeat = method.idempotency == .idempotent
    var lines = Explanation(method.qualifiedName, method.idempotency)

    let hasOwnFallback = code.fallbacks[method.qualifiedName] != nil
    lines.add(.fallback, hasOwnFallback || code.fallbacks[""] != nil ? "set" : nil, hasOwnFallback ? "method" : "group")
    lines.addDeadline([
      ("IDL", method.facts.declared?.deadline), ("group", policy.deadline?.after), ("method", own.deadline?.after),
      ("call", call.deadline?.after),
    ])
    lines.addRepeating(.cache, own.cache, call: call.cache, mayRepeat)
    lines.addRepeating(.singleFlight, own.singleFlight, call: nil, mayRepeat)
    lines.addBoth(.bulkhead, own.bulkhead, policy.bulkhead)
    lines.addBoth(.rateLimit, own.rateLimit, policy.rateLimit)
    lines.add(.adaptiveLimit, nil, policy.adaptiveLimit, standard.adaptiveLimit)
    lines.add(.retry, own.retry, policy.retry, standard.retry, call: call.retry)
    lines.addRepeating(.hedge, own.hedge, call: call.hedge, mayRepeat)
    lines.add(.balance, nil, policy.balance, standard.balance)
    lines.add(
      .circuitBreaker, own.circuitBreaker, policy.perEndpoint.circuitBreaker, standard.perEndpoint.circuitBreaker)
    lines.add(
      .timeouts, own.timeouts, policy.perEndpoint.timeouts, standard.perEndpoint.timeouts, call: call.timeouts)
    lines.add(.pool, nil, policy.perEndpoint.pool, standard.perEndpoint.pool)
    if let lifeless { lines.note(lifeless) }
    lines.add(.shadow, own.shadow, policy.shadow, standard.shadow)
    return lines.text
  }
}

/// The lines of an explanation.
private struct Explanation {
  private(set) var text: String

  init(_ method: String, _ idempotency: MethodIdempotency) {
    switch idempotency {
    case .idempotent: text = "\(method), idempotent\n"
    case .notIdempotent: text = "\(method), not idempotent: tried again only when nothing was sent\n"
    default: text = "\(method), of which the IDL does not say whether it is idempotent\n"
    }
  }

  mutating func add(_ slot: PolicySlot, _ value: String?, _ origin: String) {
    let name = slot.rawValue + String(repeating: " ", count: max(1, 16 - slot.rawValue.count))
    guard let value else { return text += "  \(name)none\n" }
    text += "  \(name)\(value)\(String(repeating: " ", count: max(2, 42 - value.count)))\(origin)\n"
  }

  mutating func note(_ text: String) { self.text += "                  \(text)\n" }

  mutating func add<Value: Encodable & Equatable>(
    _ slot: PolicySlot, _ own: Value?, _ group: Value?, _ standard: Value?, call: Value? = nil
  ) {
    let origin = call != nil ? "call" : own != nil ? "method" : group == standard ? "default" : "group"
    add(slot, (call ?? own ?? group).map { JSONDocument.line($0) }, origin)
  }

  mutating func addRepeating<Value: Encodable>(
    _ slot: PolicySlot, _ own: Value?, call: Value?, _ mayRepeat: Bool
  ) {
    let origin = call != nil ? "call" : "method"
    let reason = mayRepeat ? "" : "; left out, because the IDL does not call it idempotent"
    add(slot, (call ?? own).map { JSONDocument.line($0) }, origin + reason)
  }

  /// The method's and the group's, which both hold.
  mutating func addBoth<Value: Encodable & Equatable>(_ slot: PolicySlot, _ own: Value?, _ group: Value?) {
    if let own { add(slot, JSONDocument.line(own), "method") }
    if let group { add(slot, JSONDocument.line(group), "group") }
    if own == nil, group == nil { add(slot, nil, "") }
  }

  mutating func addDeadline(_ deadlines: [(origin: String, value: Duration?)]) {
    let known = deadlines.compactMap { deadline in deadline.value.map { (origin: deadline.origin, value: $0) } }
    guard let first = known.min(by: { $0.value < $1.value }) else { return add(.deadline, nil, "") }
    let others = known.filter { $0.origin != first.origin }
      .map { "; \($0.origin): \(DurationText.format($0.value))" }.joined()
    add(.deadline, DurationText.format(first.value), first.origin + others)
  }
}
