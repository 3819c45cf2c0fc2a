package import SeaThriftTime

/// What happened in a simulation, in order: a hash over everything, and the last events in words.
///
/// Two runs of the same seed have the same hash; it depends on no address, no hash table and no thread.
package final class SimulationTrace {
  /// One event. Kept as numbers: words are made only for those that somebody reads.
  package struct Event {
    package let time: Instant
    package let host: String
    package let kind: Kind
    package let connection: Int
    package let detail: Int
    package let text: String
  }

  package enum Kind: UInt8 {
    case connect, connected, connectFailed, arriveSyn, accepted, listen, unlisten
    case data, end, reset, retransmit, failed, closed
    case resolved, partition, heal, crash, restart, fault, note, started, ended, log
  }

  /// How many events are kept at most, unless everything is.
  private let capacity: Int
  @exclusivity(unchecked) private var events: [Event] = []
  @exclusivity(unchecked) private var oldest = 0
  @exclusivity(unchecked) private var hashing = TraceHash()
  /// How many events there were.
  @exclusivity(unchecked) package private(set) var count = 0

  /// - Parameter capacity: how many of the last events are kept; `nil` keeps all.
  init(capacity: Int?) { self.capacity = capacity ?? .max }

  /// Depends on everything that happened so far.
  package var hash: UInt64 { hashing.value }

  func record(
    _ kind: Kind, at time: Instant, host: SimulatedHost?, connection: Int = 0, detail: Int = 0, digest: UInt64 = 0,
    text: String = "", hashesText: Bool = true
  ) {
    hashing.add(UInt64(bitPattern: time.nanoseconds))
    hashing.add(UInt64(kind.rawValue) | UInt64(truncatingIfNeeded: (host?.index ?? -1) + 1) << 8)
    hashing.add(UInt64(truncatingIfNeeded: connection) << 32 ^ UInt64(truncatingIfNeeded: detail))
    hashing.add(digest)
    if hashesText { for byte in text.utf8 { hashing.add(UInt64(byte)) } }
    count += 1
    let event = Event(
      time: time, host: host?.name ?? "world", kind: kind, connection: connection, detail: detail, text: text)
    if events.count < capacity {
      events.append(event)
    } else {
      events[oldest] = event
      oldest = oldest + 1 == capacity ? 0 : oldest + 1
    }
  }

  /// Takes in something that needs no event of its own, such as which loop runs.
  func mix(_ value: UInt64) { hashing.add(value) }

  /// The events that are kept, oldest first, in words.
  package var lines: [String] {
    (events[oldest...] + events[..<oldest]).map { "\($0)" }
  }
}

extension SimulationTrace.Event: CustomStringConvertible {
  /// `12.345678901 host kind #connection detail text`.
  package var description: String {
    let fraction = String(time.nanoseconds % 1_000_000_000)
    let zeros = String(repeating: "0", count: 9 - fraction.count)
    var line = "\(time.nanoseconds / 1_000_000_000).\(zeros)\(fraction) \(host) \(kind)"
    if connection != 0 { line += " #\(connection)" }
    if detail != 0 { line += " \(detail)" }
    if !text.isEmpty { line += " \(text)" }
    return line
  }
}

/// A hash that is the same in every process, unlike the standard library's.
struct TraceHash {
  private(set) var value: UInt64 = 0x5EA7_4821_F70F_1CED

  mutating func add(_ word: UInt64) { value = Self.mix(value, word) }

  @inline(__always)
  static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    var mixed = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
    mixed ^= mixed >> 32
    return mixed
  }
}
