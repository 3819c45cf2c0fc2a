extension RandomNumberGenerator {
  /// A number in `0..<count`; 0 when there is none.
  ///
  /// By multiplication alone: the chances differ by at most one in 2^64 / `count`. The standard library's draws are
  /// exact, and so generic that one costs more than everything else that a balancer does.
  mutating func below(_ count: Int) -> Int {
    count <= 1 ? 0 : Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// A number from 0, included, to 1, excluded.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
