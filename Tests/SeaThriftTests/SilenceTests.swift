import SeaThriftTime
import Testing

@testable import SeaThrift

@Suite("The silence of an endpoint")
struct SilenceTests {
  private func at(_ milliseconds: Int) -> Instant { .origin.advanced(by: .milliseconds(milliseconds)) }

  @Test("adds up over attempts, counts once what several waited for, and ends with an answer")
  func adding() {
    var silence = Silence()
    var totals: [Duration] = []
    for (start, end) in [(10, 30), (100, 130), (110, 140), (105, 120)] {
      totals.append(silence.extended(from: at(start), to: at(end)))
    }
    #expect(totals == [20, 50, 60, 60].map { .milliseconds($0) })
    silence.end()
    let after = silence.extended(from: at(120), to: at(150))
    #expect(after == .milliseconds(10), "what was counted is not counted again")
  }
}
