import SeaThrift
import Testing

/// Taken only where the library itself has no such line: the generic one is the lesser match.
extension PolicyListBuilder {
  fileprivate static func buildExpression<Other: Hashable>(_ other: Other) -> [PolicyLine<Place>] { [] }
}

@Suite("What may run twice is a matter of types")
struct HedgeTypeTests {
  @Test("for a method that is not idempotent the library has no Hedge, no Cache and no SingleFlight")
  func slots() throws {
    let policy = try Policy {
      Method(Calculator.peek) {
        Hedge()
        Cache()
        SingleFlight()
        Retry(0)
      }
      // Without the line above, this would not compile.
      Method(Calculator.add) {
        Hedge()
        Cache()
        SingleFlight()
        Retry(0)
      }
    }
    let (peek, add) = (policy.methods["Calculator.peek"], policy.methods["Calculator.add"])
    #expect(peek?.hedge != nil && peek?.cache != nil && peek?.singleFlight != nil && peek?.retry == Retry(0))
    #expect(add?.hedge == nil && add?.cache == nil && add?.singleFlight == nil && add?.retry == Retry(0))
  }
}
