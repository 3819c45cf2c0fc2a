import SeaThriftTime

/// Attempts that ended early and brought nothing, until an attempt that brings something would have ended.
///
/// Memory: one entry for each that is held, at most `most`.
struct FailedAttempts: Sendable {
  private static let most = 10_000
  /// In nanoseconds: nothing is held for longer.
  private static let longest: Int64 = 10_000_000_000

  /// Soonest last.
  private var held: [(end: Int64, slot: Int)] = []
  /// What attempts take that bring something, in nanoseconds: an average that follows slowly; 0 while none did.
  private(set) var usual = 0.0

  /// An attempt brought something.
  mutating func succeeded(after nanoseconds: Int64) {
    let latency = Double(nanoseconds)
    usual = usual == 0 ? latency : usual + (latency - usual) / 16
  }

  /// An attempt that began then brought nothing. True: its place stays taken until ``next(at:)`` names it.
  mutating func hold(_ slot: Int, began: Int64, at now: Int64) -> Bool {
    let end = began + min(Int64(usual), Self.longest)
    guard end > now, held.count < Self.most else { return false }
    // They come nearly in their order.
    var index = 0
    while index < held.count, held[index].end > end { index += 1 }
    held.insert((end, slot), at: index)
    return true
  }

  /// The next whose time is over.
  mutating func next(at now: Int64) -> Int? {
    guard let last = held.last, last.end <= now else { return nil }
    return held.removeLast().slot
  }

  /// Whether none is held.
  var isEmpty: Bool { held.isEmpty }
}
