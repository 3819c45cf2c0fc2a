import Testing

/// Policies in places that are not theirs, and what the compiler says about each: one error, which says where it belongs.
@Suite("A misplaced policy")
struct MisplacedPolicyTests {
  private static let interface = """
    service Inventory {
      i32 count(1: string item) (idempotent = "true")
      void reserve(1: string item)
    }
    """

  /// What stands in a declaration, and a part of the message.
  private struct Snippet {
    let place: String
    let policy: String
    let message: String

    init(_ place: String, _ policy: String, _ message: String) {
      self.place = place
      self.policy = policy
      self.message = message
    }

    /// - Parameter number: tells the functions of one module apart.
    func text(_ number: Int) -> String {
      let line =
        switch place {
        case "group": "_ = try Policy { Retry(1); \(policy) }"
        case "endpoint": "_ = try Policy { PerEndpoint { Pool(); \(policy) } }"
        case "method": "_ = try Policy { Method(Inventory.reserve) { Retry(1); \(policy) } }"
        case "idempotent": "_ = try Policy { Method(Inventory.count) { Hedge(); \(policy) } }"
        case "call": "try await withPolicy { Retry(0); \(policy) } operation: {}"
        case "server": "_ = try ServerPolicy { Bulkhead(5); \(policy) }"
        case "served": "_ = try ServerPolicy { ServedMethod(Inventory.count) { Bulkhead(5); \(policy) } }"
        case "shadow": "_ = try Policy { Shadow { Retry(2); \(policy) } }"
        default: "_ = try Pipeline { Retry(1); \(policy) }"
        }
      return "import SeaThrift\nfunc declare\(number)() async throws {\n  \(line)\n}\n"
    }
  }

  private static let snippets = [
    Snippet("group", "CircuitBreaker()", "write PerEndpoint { CircuitBreaker(…) }"),
    Snippet("group", "CircuitBreaker(.consecutive(5), probes: 2)", "write PerEndpoint { CircuitBreaker(…) }"),
    Snippet("group", "Timeouts(read: .seconds(1))", "write PerEndpoint { Timeouts(…) }"),
    Snippet("group", "Pool(size: 3)", "write PerEndpoint { Pool(…) }"),
    Snippet("group", "AttemptTimeout(.seconds(1))", "Timeouts(attempt:)"),
    Snippet("group", "Hedge(after: .fixed(.seconds(1)))", "write Method(…) { Hedge(…) }"),
    Snippet("group", "Cache()", "write Method(…) { Cache(…) }"),
    Snippet("group", "SingleFlight()", "write Method(…) { SingleFlight(…) }"),
    Snippet("group", "Fallback(value: 5)", "write Method(…) { Fallback { … } }"),
    Snippet("group", "Fallback { _ in 5 }", "write Method(…) { Fallback { … } }"),
    Snippet("group", "ServedMethod(Inventory.count) { Bulkhead(5) }", "Method(…)"),
    Snippet("endpoint", "Retry(2)", "beside PerEndpoint { … }, not in it"),
    Snippet("endpoint", "Deadline(.seconds(1))", "beside PerEndpoint { … }, not in it"),
    Snippet("endpoint", "Balance(.roundRobin)", "beside PerEndpoint { … }, not in it"),
    Snippet("endpoint", "RateLimit(5)", "beside PerEndpoint { … }, not in it"),
    Snippet("endpoint", "Hedge()", "write Method(…) { Hedge(…) } beside PerEndpoint { … }"),
    Snippet("endpoint", "Method(Inventory.count) { Retry(0) }", "beside PerEndpoint { … }, not in it"),
    Snippet("endpoint", "Policy.recommended", "beside PerEndpoint { … }, not in it"),
    Snippet("method", "Hedge()", "annotate this one with (idempotent = \"true\")"),
    Snippet("method", "Hedge(after: .percentile(0.95), extraLoad: 0.02)", "annotate this one with"),
    Snippet("method", "Cache(ttl: .seconds(1))", "annotate this one with"),
    Snippet("method", "SingleFlight()", "annotate this one with"),
    Snippet("method", "Pool(size: 3)", "write PerEndpoint { Pool(…) } beside Method(…) { … }"),
    Snippet("method", "Balance(.leastLoaded)", "beside Method(…) { … }, not in it"),
    Snippet("method", "AdaptiveLimit()", "beside Method(…) { … }, not in it"),
    Snippet("method", "PerEndpoint { Pool() }", "beside Method(…) { … }, not in it"),
    Snippet("method", "Method(Inventory.count) { Retry(0) }", "not in another one"),
    Snippet("idempotent", "AdaptiveLimit(max: 5)", "beside Method(…) { … }, not in it"),
    Snippet("idempotent", "Policy.default", "beside Method(…) { … }, not in it"),
    Snippet("call", "CircuitBreaker()", "cannot be one call's"),
    Snippet("call", "Bulkhead(5)", "cannot be one call's"),
    Snippet("call", "Fallback(value: 5)", "catch the error of the call"),
    Snippet("server", "Retry(1)", "a server limits with"),
    Snippet("server", "CircuitBreaker()", "a server limits with"),
    Snippet("server", "Method(Inventory.count) { Bulkhead(5) }", "write ServedMethod(…) { … }"),
    Snippet("served", "Deadline(.seconds(1))", "a server limits with"),
    Snippet("served", "Cache()", "a server limits with"),
    Snippet("shadow", "Shadow { Bulkhead(5) }", "without the inner one"),
    Snippet("shadow", "PerEndpoint { Pool() }", "without PerEndpoint"),
    Snippet("shadow", "Method(Inventory.count) { Retry(0) }", "write Method(…) { Shadow { … } }"),
    Snippet("pipeline", "Balance()", "use a ServiceGroup"),
    Snippet("pipeline", "Timeouts(read: .seconds(1))", "write AttemptTimeout(…) for each attempt"),
    Snippet("pipeline", "Cache()", "use Cache.Runner"),
    Snippet("pipeline", "Fallback(value: 5)", "an argument of run"),
    Snippet("pipeline", "Policy.default", "has no place here"),
    Snippet("served", "EndpointPolicy()", "has no place here"),
    Snippet("idempotent", "CallPolicy()", "has no place here"),
  ]

  @Test("is one error with one message, in every place")
  func misplaced() throws {
    var files = ["Inventory.thrift": Self.interface]
    for (index, snippet) in Self.snippets.enumerated() { files["Sources/Snippet\(index).swift"] = snippet.text(index) }
    // Two that are right, so that a compiler that refuses all of it is noticed.
    files["Sources/Right.swift"] = """
      import SeaThrift
      func right(_ other: ServiceGroup) throws {
        _ = try Policy {
          Policy.recommended
          Fallback(to: other)
          HashKey(header: "user")
          PerEndpoint { CircuitBreaker(); Timeouts(); Pool() }
          Method(Inventory.count) { Hedge(); Cache(); SingleFlight(); Fallback(value: 5); HashKey { $0.item } }
          Method(Inventory.reserve) { Retry(0); CircuitBreaker(); Fallback(to: other); Shadow { Hedge() } }
        }
      }
      """
    let run = try ToolRun(files)
    let generated = try run.run("generate", "--out", "Sources", "Inventory.thrift")
    try #require(generated.status == 0, "\(generated.errors)")
    let errors = try run.errors(in: "Sources")
    for (index, snippet) in Self.snippets.enumerated() {
      let found = errors["Snippet\(index).swift"] ?? []
      #expect(
        found.count == 1 && found[0].contains(snippet.message), "\(snippet.policy) in \(snippet.place): \(found)")
    }
    #expect(errors["Right.swift"] == nil)
    #expect(errors.keys.allSatisfy { $0.hasPrefix("Snippet") }, "\(errors.keys)")
  }
}
