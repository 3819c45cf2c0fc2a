import Resilience
import Testing

@Suite("Durations as text")
struct DurationTextTests {
  @Test(
    "text and duration are each other's inverse",
    arguments: [
      ("0s", Duration.zero), ("1ns", .nanoseconds(1)), ("1500us", .microseconds(1_500)), ("250ms", .milliseconds(250)),
      ("90s", .seconds(90)), ("30m", .seconds(1_800)), ("5h", .seconds(18_000)), ("366d", .seconds(366 * 86_400)),
      ("-5ms", .milliseconds(-5)),
    ])
  func roundTrip(text: String, duration: Duration) {
    #expect(DurationText.format(duration) == text)
    #expect(DurationText.parse(text) == duration)
  }

  @Test("decimals are exact down to a nanosecond")
  func decimals() {
    #expect(DurationText.parse("1.5s") == .milliseconds(1_500))
    #expect(DurationText.parse("0.000000001s") == .nanoseconds(1))
    #expect(DurationText.parse("2.25m") == .seconds(135))
    #expect(DurationText.parse("0.1234567899ms") == .nanoseconds(123_456))
    #expect(DurationText.parse("-0.5h") == .seconds(-1_800))
  }

  @Test(
    "anything else is no duration",
    arguments: [
      "", "5", "ms", "5 s", "1.s", ".5s", "1e3s", "+1s", "--1s", "5S", "5sec", "1s2ms", "99999999999999d",
      "9223372036.9s", "٣s", "1.٣s", "0x1s",
    ])
  func refused(text: String) {
    #expect(DurationText.parse(text) == nil)
  }
}
