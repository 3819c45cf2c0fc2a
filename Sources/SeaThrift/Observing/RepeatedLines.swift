import SeaThriftTime

/// Keeps a log from being flooded: of lines of one kind some are written, and the others counted; a pure state machine.
///
/// A kind is what a line is about, a method that failed for instance. For each there are so many lines in a window; when the
/// window is over, the others are told as a number. Memory: one entry for each kind that had a line in the last window, and
/// at most `mostKinds`.
struct RepeatedLines {
  private struct Kind {
    var windowEnd: Instant
    var written = 0
    var suppressed = 0
  }

  private let linesPerWindow: Int
  private let window: Duration
  private let mostKinds: Int
  private var kinds: [String: Kind] = [:]

  init(linesPerWindow: Int = 5, window: Duration = .seconds(10), mostKinds: Int = 1_000) {
    self.linesPerWindow = linesPerWindow
    self.window = window
    self.mostKinds = mostKinds
  }

  /// A line of a kind comes up. Whether it is written.
  mutating func mayWrite(_ kind: String, at now: Instant) -> Bool {
    if kinds[kind] == nil {
      // More kinds than these count as one.
      let name = kinds.count < mostKinds ? kind : ""
      return count(name, at: now)
    }
    return count(kind, at: now)
  }

  private mutating func count(_ kind: String, at now: Instant) -> Bool {
    var entry = kinds[kind] ?? Kind(windowEnd: now.advanced(by: window))
    defer { kinds[kind] = entry }
    if entry.written < linesPerWindow {
      entry.written += 1
      return true
    }
    entry.suppressed += 1
    return false
  }

  /// What was counted in the windows that are over, in the order of the kinds' names; they begin anew.
  mutating func takeEnded(at now: Instant) -> [(kind: String, suppressed: Int)] {
    var ended: [(kind: String, suppressed: Int)] = []
    for (kind, entry) in kinds where entry.windowEnd <= now {
      kinds[kind] = nil
      if entry.suppressed > 0 { ended.append((kind, entry.suppressed)) }
    }
    return ended.sorted { $0.kind < $1.kind }
  }

  /// When the next window is over in which lines were suppressed; nil for none.
  var nextReport: Instant? {
    kinds.values.lazy.filter { $0.suppressed > 0 }.map(\.windowEnd).min()
  }

  /// Whether nothing is remembered.
  var isEmpty: Bool { kinds.isEmpty }
}
