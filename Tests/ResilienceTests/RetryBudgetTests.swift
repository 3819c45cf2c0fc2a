import Resilience
import SeaThriftTime
import Testing

@Suite("Retry budget")
struct RetryBudgetTests {
  /// How many extra attempts are granted in a row.
  func drain(_ budget: inout RetryBudgetStateMachine, at seconds: Double) -> Int {
    var count = 0
    while count < 100_000, budget.withdraw(at: .seconds(seconds)) { count += 1 }
    return count
  }

  @Test("the floor alone allows its number per second, over the whole window")
  func floor() {
    var budget = RetryBudgetStateMachine(.share(0.1, floor: 2, over: .seconds(10)))
    #expect(drain(&budget, at: 0) == 20)
    #expect(drain(&budget, at: 5) == 0)
    #expect(drain(&budget, at: 10) == 20)
  }

  @Test("successes pay in their share, which is gone with the window")
  func share() {
    var budget = RetryBudgetStateMachine(.share(0.1, floor: 0, over: .seconds(10)))
    #expect(drain(&budget, at: 0) == 0)
    for _ in 0..<1_000 { budget.deposit(at: .seconds(0)) }
    #expect(drain(&budget, at: 0) == 100)
    for _ in 0..<9 { budget.deposit(at: .seconds(5)) }
    #expect(drain(&budget, at: 5) == 0)
    budget.deposit(at: .seconds(5))
    #expect(drain(&budget, at: 5) == 1)
    #expect(drain(&budget, at: 20) == 0)
  }

  @Test("hedges take half of what may be spent, and leave the rest to retries")
  func hedges() {
    var budget = RetryBudgetStateMachine(.share(0.1, floor: 1, over: .seconds(10)))
    for _ in 0..<100 { budget.deposit(at: .origin) }
    var hedges = 0
    while budget.withdrawHedge(at: .origin) { hedges += 1 }
    #expect(hedges == 10)
    #expect(drain(&budget, at: 0) == 10)
    #expect(budget.withdrawHedge(at: .seconds(5)) == false)
    #expect(budget.withdrawHedge(at: .seconds(10)) == true, "the window is over")
    var small = RetryBudgetStateMachine(.share(0, floor: 0.1, over: .seconds(10)))
    #expect(small.withdrawHedge(at: .origin) == false, "the only one is for a retry")
    #expect(drain(&small, at: 0) == 1)
  }

  @Test("a share that a Double cannot hold is not short by one")
  func rounding() {
    var budget = RetryBudgetStateMachine(.share(0.29, floor: 0))
    for _ in 0..<100 { budget.deposit(at: .origin) }
    #expect(drain(&budget, at: 0) == 29)
  }

  @Test("whatever happens, extra attempts stay within the share and the floor", arguments: seeds)
  func bound(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var budget = RetryBudgetStateMachine(.share(0.2, floor: 1, over: .seconds(10)))
    var now = 0.0
    var successes: [Double] = []
    var extras: [Double] = []
    for _ in 0..<2_000 {
      now += Double.random(in: 0...0.1, using: &random)
      if Bool.random(using: &random) {
        budget.deposit(at: .seconds(now))
        successes.append(now)
      } else if budget.withdraw(at: .seconds(now)) {
        extras.append(now)
        // The window ends somewhere between nine and ten seconds ago.
        let paid = successes.filter { $0 > now - 10 }.count
        let spent = extras.filter { $0 > now - 9 }.count
        check(Double(spent) <= 10 + 0.2 * Double(paid) + 0.001)
      }
    }
    #expect(extras.count > 100)
  }

  @Test("nonsense in the policy allows nothing")
  func clamping() {
    var budget = RetryBudgetStateMachine(RetryBudget(share: .nan, floor: -.infinity, over: .seconds(-1)))
    budget.deposit(at: .origin)
    #expect(drain(&budget, at: 0) == 0)
  }
}
