import Glibc
import SeaThriftTime
import Testing

@testable import SeaThrift

@Suite("Repeated lines of a log")
struct RepeatedLinesTests {
  private func at(_ seconds: Double) -> Instant { .origin.advanced(by: .seconds(seconds)) }

  private func ended(_ lines: inout RepeatedLines, _ seconds: Double) -> [String] {
    lines.takeEnded(at: at(seconds)).map { "\($0.kind) \($0.suppressed)" }
  }

  @Test("of one kind are written a few times in a window, and then counted")
  func window() {
    var lines = RepeatedLines(linesPerWindow: 2, window: .seconds(10))
    var first: [Bool] = []
    for _ in 0..<5 { first.append(lines.mayWrite("a", at: at(0))) }
    #expect(first == [true, true, false, false, false])
    let other = lines.mayWrite("b", at: at(1))
    #expect(other, "another kind has lines of its own")
    #expect(lines.nextReport == at(10))
    #expect(ended(&lines, 9.9) == [])
    #expect(ended(&lines, 10) == ["a 3"])
    let again = lines.mayWrite("a", at: at(10))
    #expect(again)
    #expect(ended(&lines, 30) == [] && lines.isEmpty)
  }

  @Test("of more kinds than are remembered count as one kind: nobody can fill the memory")
  func manyKinds() {
    var lines = RepeatedLines(linesPerWindow: 1, window: .seconds(10), mostKinds: 3)
    var written: [Int] = []
    for number in 0..<1_000 where lines.mayWrite("kind \(number)", at: at(0)) { written.append(number) }
    #expect(written == [0, 1, 2, 3])
    #expect(ended(&lines, 10) == [" 996"])
    #expect(lines.isEmpty)
  }
}

@Suite("The writer of a log")
struct LogWriterTests {
  /// A pipe that nobody reads yet, and a writer to it.
  private func withPipe(_ body: (LogWriter, Int32) throws -> Void) throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    // The writer's end stays open: a report of its thread may come later, and would go to whoever has the number then.
    defer { close(ends[0]) }
    try body(LogWriter(descriptor: ends[1]), ends[0])
  }

  private func read(_ descriptor: Int32, until text: String) -> String {
    var (all, bytes) = ("", [UInt8](repeating: 0, count: 65_536))
    while !all.contains(text) {
      let count = Glibc.read(descriptor, &bytes, bytes.count)
      if count <= 0 { break }
      all += String(decoding: bytes[..<count], as: UTF8.self)
    }
    return all
  }

  @Test("holds up nobody when nobody reads, and says then how many lines were dropped", .timeLimit(.minutes(2)))
  func unread() throws {
    try withPipe { writer, end in
      // More than the pipe and the queue hold; each of a kind of its own, so that none is left out as repeated.
      let text = String(repeating: "x", count: 3_000)
      for number in 0..<5_000 { writer.write("kind \(number % 900)", "\(number) \(text)") }
      let all = read(end, until: "lines were dropped, as nobody read this log")
      #expect(all.hasPrefix("SeaThrift: 0 xxx"))
      #expect(all.utf8.count < 8 << 20)
    }
  }

  @Test("does not end a process whose log nobody can read any more")
  func readerIsGone() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    let writer = LogWriter(descriptor: ends[1])
    writer.write("a", "a line")
    writer.flush()
  }

  @Test("writes a line of what holds line breaks and control characters")
  func safe() throws {
    try withPipe { writer, end in
      writer.write("a", "first\nSeaThrift: forged\u{1B}[31m")
      #expect(read(end, until: "[31m") == "SeaThrift: first SeaThrift: forged [31m\n")
    }
  }
}
