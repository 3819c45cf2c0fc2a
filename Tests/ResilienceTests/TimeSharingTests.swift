import Resilience
import SeaThriftTime
import Testing

@Suite("How the time of a deadline is shared")
struct TimeSharingTests {
  @Test("a method of which nothing is known gets all of it")
  func unknown() {
    let sharing = TimeSharing()
    #expect(sharing.share(of: .milliseconds(200), attempts: 2) == nil)
  }

  @Test("an attempt gets an even share, but the last one all that is left")
  func even() {
    var sharing = TimeSharing()
    sharing.succeeded(after: .milliseconds(1))
    #expect(sharing.share(of: .milliseconds(300), attempts: 3) == .milliseconds(100))
    #expect(sharing.share(of: .milliseconds(200), attempts: 2) == .milliseconds(100))
    #expect(sharing.share(of: .milliseconds(200), attempts: 1) == nil)
  }

  @Test("no less than twice what the method takes that is no exception")
  func slowMethods() {
    var sharing = TimeSharing()
    for _ in 0..<100 { sharing.succeeded(after: .milliseconds(60)) }
    #expect(sharing.share(of: .milliseconds(200), attempts: 2) == .milliseconds(120))
    #expect(sharing.share(of: .milliseconds(110), attempts: 2) == nil)
  }

  @Test("after a call that ran out of time, the next is made the other way")
  func alternation() {
    var sharing = TimeSharing()
    sharing.ranOutOfTime(wasShared: false)
    #expect(sharing.share(of: .milliseconds(100), attempts: 2) == .milliseconds(50), "perhaps another endpoint answers")
    sharing.ranOutOfTime(wasShared: true)
    #expect(sharing.share(of: .milliseconds(100), attempts: 2) == nil, "perhaps the time was too short")
    sharing.succeeded(after: .milliseconds(80))
    #expect(sharing.share(of: .milliseconds(100), attempts: 2) == nil, "it was: this is known now")
    for _ in 0..<100 { sharing.succeeded(after: .milliseconds(10)) }
    #expect(sharing.share(of: .milliseconds(100), attempts: 2) == .milliseconds(50), "the service is fast again")
  }
}
