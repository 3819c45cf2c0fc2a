import Testing

@testable import SeaThriftSockets

@Suite("The queue of name look-ups")
struct LookupQueueTests {
  private func ask(_ queue: inout LookupQueue<Int>, _ host: String, _ waiter: Int) -> LookupQueue<Int>.Joining {
    queue.join(host, waiter).joining
  }

  @Test("looks a name up once for all who ask at the same time")
  func shared() {
    var queue = LookupQueue<Int>()
    #expect(ask(&queue, "a", 1) == .startThread)
    #expect(queue.next() == "a")
    #expect(ask(&queue, "a", 2) == .wait)
    #expect(queue.finished("a", isSuspect: false) == [1, 2])
    #expect(queue.next() == nil && queue.threads == 0)
    #expect(ask(&queue, "a", 3) == .startThread, "nothing is remembered")
  }

  @Test("keeps room for good names beside any number that nobody answers")
  func suspects() {
    var queue = LookupQueue<Int>(maxThreads: 4, maxSuspectThreads: 2)
    for number in 0..<10 {
      _ = ask(&queue, "dead\(number)", number)
      #expect(queue.next() == "dead\(number)")
      _ = queue.finished("dead\(number)", isSuspect: true)
      #expect(queue.next() == nil)
    }
    for number in 0..<10 { _ = ask(&queue, "dead\(number)", number) }
    #expect(queue.threads == 4, "how many of them may run is seen when they are taken")
    #expect([queue.next(), queue.next()] == ["dead0", "dead1"])
    #expect([queue.next(), queue.next()] == [nil, nil])
    #expect(ask(&queue, "good", 10) == .startThread)
    #expect(queue.next() == "good")
    #expect(queue.finished("good", isSuspect: false) == [10])
    #expect(queue.finished("dead0", isSuspect: true) == [0])
    #expect(queue.next() == "dead2")
  }

  @Test("a name that is answered again is like any other")
  func forgiven() {
    var queue = LookupQueue<Int>(maxThreads: 4, maxSuspectThreads: 1)
    for isSuspect in [true, false] {
      for host in ["a", "b"] {
        _ = ask(&queue, host, 1)
        #expect(queue.next() == host)
        _ = queue.finished(host, isSuspect: isSuspect)
        #expect(queue.next() == nil)
      }
    }
    _ = ask(&queue, "a", 1)
    _ = ask(&queue, "b", 2)
    #expect([queue.next(), queue.next()] == ["a", "b"])
  }

  @Test("drops a name that nobody waits for any more, unless its look-up has begun")
  func left() {
    var queue = LookupQueue<Int>(maxThreads: 1)
    let (first, _) = queue.join("a", 1)
    let (second, _) = queue.join("b", 2)
    #expect(queue.next() == "a")
    queue.leave(first)
    queue.leave(second)
    #expect(queue.finished("a", isSuspect: false) == [])
    #expect(queue.next() == nil)
    queue.leave(second)
  }

  @Test("refuses names beyond those that may wait, and strands nobody when no thread can be started")
  func limits() {
    var queue = LookupQueue<Int>(maxThreads: 1, maxWaiting: 2)
    #expect(ask(&queue, "a", 1) == .startThread)
    #expect(ask(&queue, "b", 2) == .wait)
    #expect(ask(&queue, "c", 3) == .refuse)
    #expect(queue.threadFailed().sorted() == [1, 2])
    #expect(queue.threads == 0)
    #expect(ask(&queue, "a", 4) == .startThread)
  }
}
