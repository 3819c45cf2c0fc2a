import Glibc
import SeaThriftTesting

extension SeededGenerator {
  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self) < probability }

  /// A duration of some milliseconds; small ones are as likely as large ones.
  mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration {
    let (low, high) = (Double(max(1, range.lowerBound)), Double(max(1, range.upperBound)))
    return .milliseconds(Int(low * pow(high / low, Double.random(in: 0..<1, using: &self))))
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[int(0...elements.count - 1)] }

  /// Some of the elements, at least one, in their order.
  mutating func some<Element>(_ elements: [Element]) -> [Element] {
    let kept = elements.filter { _ in chance(0.5) }
    return kept.isEmpty ? [pick(elements)] : kept
  }
}
