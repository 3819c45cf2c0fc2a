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
    var lines = Explanation(method.qualifiedName, method.idempotency)

    let hasOwnFallback = code.fallbacks[method.qualifiedName] != nil
    lines.add(
      "Fallback", hasOwnFallback || code.fallbacks[""] != nil ? "set" : nil, hasOwnFallback ? "method" : "group")
    for kind in Explanation.order {
      let layers = Layers(
        call: call.anyValue(of: kind), method: own.anyValue(of: kind), group: policy.common(kind),
        standard: Policy.default.common(kind))
      switch kind {
      case is Deadline.Type:
        lines.addDeadline([
          ("IDL", method.facts.declared?.deadline), ("group", policy.deadline?.after), ("method", own.deadline?.after),
          ("call", call.deadline?.after),
        ])
      case is any LimitPolicy.Type: lines.addLimit(kind, layers)
      case is any IdempotentMethodPolicyValue.Type:
        lines.addRepeating(kind, layers, isLeftOut: method.idempotency != .idempotent)
      default: lines.addInnermost(kind, layers)
      }
      if kind == Pool.self, let lifeless { lines.note(lifeless) }
    }
    return lines.text
  }
}

extension Policy {
  /// What all methods have in common.
  fileprivate func common(_ kind: any PolicyValue.Type) -> (any PolicyValue)? {
    anyValue(of: kind) ?? perEndpoint.anyValue(of: kind)
  }
}

/// Where a policy of a kind may come from, and what is there.
private struct Layers {
  let call: (any PolicyValue)?
  let method: (any PolicyValue)?
  let group: (any PolicyValue)?
  let standard: (any PolicyValue)?
}

/// The lines of an explanation.
private struct Explanation {
  /// The order in which a call meets the policies; what only watches comes last.
  static let order: [any PolicyValue.Type] =
    [Deadline.self, Cache.self, SingleFlight.self] + CallLimits.kinds
    + [Retry.self, Hedge.self, Balance.self, CircuitBreaker.self, Timeouts.self, Pool.self, ShadowPolicy.self]

  private(set) var text: String

  init(_ method: String, _ idempotency: MethodIdempotency) {
    switch idempotency {
    case .idempotent: text = "\(method), idempotent\n"
    case .notIdempotent: text = "\(method), not idempotent: tried again only when nothing was sent\n"
    default: text = "\(method), of which the IDL does not say whether it is idempotent\n"
    }
  }

  mutating func add(_ policy: String, _ value: String?, _ origin: String) {
    let name = policy + String(repeating: " ", count: max(1, 16 - policy.count))
    guard let value else { return text += "  \(name)none\n" }
    text += "  \(name)\(value)\(String(repeating: " ", count: max(2, 42 - value.count)))\(origin)\n"
  }

  mutating func note(_ text: String) { self.text += "                  \(text)\n" }

  /// Of all the layers, the innermost that has a policy.
  mutating func addInnermost(_ kind: any PolicyValue.Type, _ layers: Layers) {
    let isStandard = layers.group.map { $0.equals(layers.standard) } ?? true
    let origin = layers.call != nil ? "call" : layers.method != nil ? "method" : isStandard ? "default" : "group"
    add(kind, layers.call ?? layers.method ?? layers.group, origin)
  }

  mutating func addRepeating(_ kind: any PolicyValue.Type, _ layers: Layers, isLeftOut: Bool) {
    let origin = layers.call != nil ? "call" : "method"
    let reason = isLeftOut ? "; left out, because the IDL does not call it idempotent" : ""
    add(kind, layers.call ?? layers.method, origin + reason)
  }

  /// The method's and the group's, which both hold.
  mutating func addLimit(_ kind: any PolicyValue.Type, _ layers: Layers) {
    if let own = layers.method { add(kind, own, "method") }
    if layers.group != nil || layers.method == nil { add(kind, layers.group, "group") }
  }

  mutating func addDeadline(_ deadlines: [(origin: String, value: Duration?)]) {
    let known = deadlines.compactMap { deadline in deadline.value.map { (origin: deadline.origin, value: $0) } }
    guard let first = known.min(by: { $0.value < $1.value }) else { return add(Deadline.policyName, nil, "") }
    let others = known.filter { $0.origin != first.origin }
      .map { "; \($0.origin): \(DurationText.format($0.value))" }.joined()
    add(Deadline.policyName, DurationText.format(first.value), first.origin + others)
  }

  private mutating func add(_ kind: any PolicyValue.Type, _ policy: (any PolicyValue)?, _ origin: String) {
    add(kind.policyName, policy.map { JSONDocument.line($0) }, origin)
  }
}
