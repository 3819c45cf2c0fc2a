/// Which host names are looked up, on how many threads, and who waits for them; a pure state machine.
///
/// A name is looked up once for all who ask for it at the same time. Names whose last look-up failed or took long get
/// only some of the threads, so that names which nobody answers leave room for those that somebody does.
struct LookupQueue<Waiter> {
  /// What an asker is to do.
  enum Joining: Equatable {
    /// Wait for the outcome.
    case wait
    /// Wait, and have another thread started, which asks for its work by ``next()``.
    case startThread
    /// Give up: too many names wait already.
    case refuse
  }

  /// Names one who waits, to leave.
  struct Ticket: Hashable {
    fileprivate let host: String
    fileprivate let number: UInt64
  }

  private struct Lookup {
    var waiters: [(number: UInt64, waiter: Waiter)] = []
    var isRunning = false
  }

  private let maxThreads: Int
  /// How many threads look up names that were slow or failed before.
  private let maxSuspectThreads: Int
  private let maxWaiting: Int
  /// How many of such names are remembered.
  private let maxSuspects = 1_000

  private var lookups: [String: Lookup] = [:]
  private var waiting: [String] = []
  private var suspects: Set<String> = []
  private var suspectsInOrder: [String] = []
  private var runningSuspects = 0
  private var nextNumber: UInt64 = 0
  /// How many threads look for work or do it.
  private(set) var threads = 0

  init(maxThreads: Int = 64, maxSuspectThreads: Int = 8, maxWaiting: Int = 10_000) {
    self.maxThreads = maxThreads
    self.maxSuspectThreads = maxSuspectThreads
    self.maxWaiting = maxWaiting
  }

  /// Somebody wants to know the addresses of a host.
  mutating func join(_ host: String, _ waiter: Waiter) -> (ticket: Ticket, joining: Joining) {
    nextNumber += 1
    let ticket = Ticket(host: host, number: nextNumber)
    if lookups[host] != nil {
      lookups[host]?.waiters.append((nextNumber, waiter))
      return (ticket, .wait)
    }
    guard waiting.count < maxWaiting else { return (ticket, .refuse) }
    lookups[host] = Lookup(waiters: [(nextNumber, waiter)])
    waiting.append(host)
    guard threads < maxThreads, mayRun(host) else { return (ticket, .wait) }
    threads += 1
    return (ticket, .startThread)
  }

  /// Somebody waits no longer. A name that nobody waits for is not looked up, unless that has begun.
  mutating func leave(_ ticket: Ticket) {
    lookups[ticket.host]?.waiters.removeAll { $0.number == ticket.number }
    guard let lookup = lookups[ticket.host], lookup.waiters.isEmpty, !lookup.isRunning else { return }
    lookups[ticket.host] = nil
    waiting.removeAll { $0 == ticket.host }
  }

  /// The name that a thread looks up next; nil when it is to end.
  mutating func next() -> String? {
    guard let index = waiting.firstIndex(where: mayRun) else {
      threads -= 1
      return nil
    }
    let host = waiting.remove(at: index)
    lookups[host]?.isRunning = true
    if suspects.contains(host) { runningSuspects += 1 }
    return host
  }

  /// A look-up has ended. Returns those who wait for it.
  mutating func finished(_ host: String, isSuspect: Bool) -> [Waiter] {
    if suspects.contains(host) { runningSuspects -= 1 }
    note(host, isSuspect: isSuspect)
    return lookups.removeValue(forKey: host)?.waiters.map(\.waiter) ?? []
  }

  /// A thread could not be started. Returns those who wait for what no other thread will come to.
  mutating func threadFailed() -> [Waiter] {
    threads -= 1
    guard threads == 0 else { return [] }
    let stranded = waiting.flatMap { lookups.removeValue(forKey: $0)?.waiters.map(\.waiter) ?? [] }
    waiting = []
    return stranded
  }

  private func mayRun(_ host: String) -> Bool { !suspects.contains(host) || runningSuspects < maxSuspectThreads }

  private mutating func note(_ host: String, isSuspect: Bool) {
    if !isSuspect {
      if suspects.remove(host) != nil { suspectsInOrder.removeAll { $0 == host } }
    } else if suspects.insert(host).inserted {
      suspectsInOrder.append(host)
      if suspectsInOrder.count > maxSuspects { suspects.remove(suspectsInOrder.removeFirst()) }
    }
  }
}
