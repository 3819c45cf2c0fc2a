import Foundation
import Resilience
import SeaThriftTime
import Testing

/// A generator that returns what it is told, and counts how often it was asked.
struct ScriptedGenerator: RandomNumberGenerator {
  var values: [UInt64]
  private(set) var draws = 0

  init(_ values: UInt64...) { self.values = values }

  mutating func next() -> UInt64 {
    defer { draws += 1 }
    return values.isEmpty ? 0 : values[draws % values.count]
  }
}

extension Instant {
  /// So many seconds after the origin.
  static func seconds(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }
}

/// The error that `body` throws, for exact comparison.
func policyError(_ body: () throws(PolicyError) -> Void) -> PolicyError? {
  do throws(PolicyError) {
    try body()
    return nil
  } catch {
    return error
  }
}

/// Seeds of the property tests: each is one random sequence, and a failing one can be run alone.
let seeds: [UInt64] = (1...40).map { $0 &* 0x9E37_79B9 }

/// The policy written as JSON and read again is the same policy.
func expectRoundTrip<Policy: Codable & Hashable>(_ policy: Policy) throws {
  let bytes = try JSONEncoder().encode(policy)
  #expect(try JSONDecoder().decode(Policy.self, from: bytes) == policy)
}

/// Fails the test unless the condition holds. `#expect` takes note of its operands each time, which a property test
/// that checks millions of steps cannot afford.
func check(
  _ condition: Bool, _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  if !condition { Issue.record("\(comment())", sourceLocation: sourceLocation) }
}
