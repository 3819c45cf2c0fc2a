import SeaThrift
import SeaThriftSockets
import SeaThriftTesting
import Testing

@Suite("The name of a host")
struct HostNameTests {
  @Test("is that which an address was made with or looked up from, and none of a literal address")
  func names() {
    #expect(EndpointAddress.tcp("users.internal", 9090).hostName == "users.internal")
    #expect(EndpointAddress.tcp("10.0.0.1", 9090).hostName == nil)
    #expect(EndpointAddress.tcp("[fd00::1]", 9090).hostName == nil)
    #expect(EndpointAddress.unix("/run/users").hostName == nil)
    let found = EndpointAddress.tcp("10.0.0.1", 9090).lookedUp(from: "users.internal")
    #expect(found.hostName == "users.internal" && "\(found)" == "10.0.0.1:9090")
    #expect(found == .tcp("10.0.0.1", 9090) && Set([found, .tcp("10.0.0.1", 9090)]).count == 1)
  }

  @Test("is what a server is asked for over HTTP, also when the group has looked it up")
  func overHTTP() async throws {
    let hosts = Seen()
    try await simulate(seed: 1) { world in
      try await startScript(
        world,
        [
          { stream in
            var request = ""
            while !request.contains("\r\n\r\n") {
              let byte = try await stream.readExactly(1)
              if byte.isEmpty { return }
              request += String(decoding: byte, as: UTF8.self)
            }
            for line in request.split(separator: "\r\n") where line.lowercased().hasPrefix("host:") {
              hosts.note(String(line.dropFirst(5)).filter { $0 != " " })
            }
            try await stream.writeAll(Array("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8))
          }
        ])
      try await world.host("client").run {
        var configuration = ClientConfiguration()
        configuration.framing = .http
        configuration.policy.retry = Retry(0)
        for source in [EndpointSource.dns("server", port: 9090), [.tcp("server", 9090)]] {
          try await withServiceGroup("echo", at: source, configuration: configuration) { (group) async throws -> Void in
            _ = await failure { try await Echo.Client(group).echo(text: "a") }
          }
        }
      }
    }
    #expect(hosts.all == ["server:9090", "server:9090"])
  }
}
