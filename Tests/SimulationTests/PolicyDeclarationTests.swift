import SeaThrift
import Testing

@Suite("A group's policies as they are written")
struct PolicyDeclarationTests {
  @Test("a slot that is given twice is an error that names it, and so is a value out of range")
  func mistakes() throws {
    func message(@PolicyBuilder _ policies: () -> [PolicyElement]) -> String {
      do {
        _ = try Policy(policies)
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message {
        Retry(1)
        Deadline(.seconds(1))
        Retry(2)
      } == "ServiceGroup.Retry is given twice, allowed is one")
    #expect(
      message {
        PerEndpoint {
          Pool(size: 1)
          Pool(size: 2)
        }
      } == "PerEndpoint.Pool is given twice, allowed is one")
    #expect(
      message {
        Method(Calculator.add) { Retry(1) }
        Method(Calculator.add) { Retry(2) }
      } == "ServiceGroup.Method(Calculator.add) is given twice, allowed is one")
    #expect(message { PerEndpoint { Pool(size: 0) } } == "Pool.size is 0, allowed is 1...65536")
    #expect(
      message { Method(Calculator.add) { Retry(-1) } }
        == "Method(Calculator.add).Retry.retries is -1, allowed is 0...1000")
    #expect(
      message {
        Policy.recommended
        Policy.default
      } == "ServiceGroup.Policy is given twice, allowed is one")
  }

  @Test("what is written of a method changes what the preset has of it, slot by slot")
  func methodOfPreset() throws {
    let preset = try Policy {
      Method(Calculator.add) {
        Retry(3)
        Deadline(.seconds(1))
      }
    }
    let changed = try Policy {
      Method(Calculator.add) { Retry(0) }
      preset
    }
    #expect(changed.methods["Calculator.add"]?.retry == Retry(0))
    #expect(changed.methods["Calculator.add"]?.deadline == Deadline(.seconds(1)))
  }

  @Test("the order of writing changes nothing, a preset least of all")
  func order() throws {
    let first = try Policy {
      Policy.recommended
      Deadline(.seconds(2))
      PerEndpoint { Pool(size: 3) }
    }
    let second = try Policy {
      PerEndpoint { Pool(size: 3) }
      Deadline(.seconds(2))
      Policy.recommended
    }
    #expect(first == second)
    #expect(first.retry == Policy.recommended.retry)
    #expect(first.deadline == Deadline(.seconds(2)))
  }

  @Test("a policy written as JSON and read again is the same", arguments: [Policy.default, .recommended])
  func json(policy: Policy) throws {
    var policy = policy
    policy.methods["Calculator.peek"] = try Policy {
      Method(Calculator.peek) {
        Hedge()
        Cache()
        SingleFlight()
        Timeouts(read: nil)
      }
    }.methods["Calculator.peek"]
    #expect(try Policy(json: policy.json) == policy)
    #expect(try Policy(json: "{}") == Policy.default)
  }

  @Test("what there is by default is switched off by null, and what there is not is not written")
  func switchedOff() throws {
    var policy = Policy()
    policy.perEndpoint.circuitBreaker = nil
    #expect(policy.json.contains("\"circuitBreaker\": null") && !policy.json.contains("bulkhead"))
    #expect(try Policy(json: policy.json) == policy)
  }

  @Test("a policy of somebody else's making is an error that names the slots")
  func foreign() {
    struct Foreign: CallPolicyValue, PipelinePolicyValue {
      func validate() throws(PolicyError) {}
    }
    #expect(
      throws: PolicyError(
        policy: "CallPolicy", field: "Foreign", value: "given",
        allowed: "one of Deadline, Retry, Timeouts, Hedge, Cache")
    ) {
      try CallPolicy { Foreign() }
    }
    #expect {
      try Pipeline { Foreign() }
    } throws: { error in
      (error as? PolicyError)?.field == "Foreign"
    }
  }

  @Test(
    "a document that is no policy is an error that says where",
    arguments: [
      ("{\"retry\": {\"retries\": 1001}}", "Retry.retries is 1001, allowed is 0...1000"),
      ("{\"retry\": {\"retires\": 1}}", "unknown field 'retires', known are: backoff, budget, pushBackLimit, retries"),
      ("{\"deadline\": 800}", "deadline is a number, not a string"),
      ("{\"deadline\": \"800 parsecs\"}", "'800 parsecs' is no duration"),
      ("{\"deadline\": \"1s\", \"deadline\": \"2s\"}", "line 1, column 20: \"deadline\" is given twice"),
      ("{\"deadline\": \"1s\"|\"retry\": {}}", "line 2, column 1: a comma or } should be here"),
      ("{\"retry\": {\"retries\": 1.5}}", "retry.retries is a number, not a whole number"),
      ("[]", "the document is an array, not an object"), ("", "line 1, column 1: the document ends"),
      (String(repeating: "[", count: 100), "nested deeper than 64"), ("{} {}", "nothing may follow"),
      ("{\"a\": \"\\ud800\"}", "half of a surrogate pair"), ("{\"a\": 01}", "no leading zeros"),
      ("nul", "a value should be here"),
    ])
  func badJSON(text: String, message: String) {
    let error = #expect(throws: (any Error).self) { try Policy(json: text.replacing("|", with: "\n")) }
    #expect(error.map { "\($0)" }?.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
  }
}
