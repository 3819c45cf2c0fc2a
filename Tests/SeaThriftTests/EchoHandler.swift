import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import SeaThriftTime

/// What a handler saw, for tests to look at.
final class Seen: Sendable {
  private let state = Lock([String]())

  var all: [String] { state.withLock { $0 } }

  func note(_ text: String) { state.withLock { $0.append(text) } }
}

/// Answers with what it gets; some texts make it behave otherwise.
struct EchoHandler: Echo.Handler {
  struct Undeclared: Error { let secret = "the database's password" }

  var seen = Seen()
  var world: World?

  func echo(text: String) async throws -> String {
    seen.note("echo \(text)")
    switch text {
    case "fail": throw Undeclared()
    case "refuse": throw ApplicationException(.internalError, "for a reason")
    case "slow": try await world?.sleep(for: .seconds(5))
    case "stuck":
      do {
        try await world?.sleep(for: .seconds(3600))
      } catch {
        seen.note("cancelled")
        throw error
      }
    default: break
    }
    seen.note("answered \(text)")
    return text
  }

  func send(parcel: Parcel) async throws -> Parcel {
    if parcel.text == "throw" { throw Declared(why: "asked to") }
    return parcel
  }

  func nothing() async throws { seen.note("nothing") }

  func notice(text: String) async throws {
    seen.note("notice \(text)")
    if text == "fail" { throw Undeclared() }
  }

  func once(text: String) async throws -> String {
    seen.note("once \(text)")
    if text == "slow" { try await world?.sleep(for: .seconds(5)) }
    return text
  }
}

struct OtherHandler: Other.Handler {
  func echo(text: String) async throws -> String { "other \(text)" }
}

/// Keeps what a server's observer is told.
final class ServerLog: ServerObserver {
  let seen = Seen()

  func handlerFailed(_ method: String, peer: EndpointAddress, error: any Error) {
    seen.note("\(method): \(error)")
  }
  func connectionClosed(peer: EndpointAddress, error: (any Error)?) {
    seen.note("closed: \(error.map { String(describing: $0) } ?? "fine")")
  }
}
