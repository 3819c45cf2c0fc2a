import SeaThrift
import SeaThriftTesting

/// Notes what policies that only watch would have done.
final class ShadowLog: ClientObserver, Sendable {
  let log = Log()

  func shadowed(_ event: ShadowEvent, method: String, endpoint: EndpointAddress?) {
    log.add("\(event) \(method)\(endpoint.map { " \($0)" } ?? "")")
  }

  var lines: [String] { log.lines }
}

/// Runs `body` with a group of servers that take 50 ms for a call.
func withWatchedGroup(
  _ names: [String], from source: EndpointSource? = nil, @PolicyBuilder _ policies: () -> [PolicyElement],
  _ body: @escaping @Sendable (World, ServiceGroup, ShadowLog) async throws -> Void
) async throws {
  let elements = policies()
  try await simulate(seed: 1) { world in
    for name in names { world.slowServer(name, .milliseconds(50)) }
    try await world.sleep(for: .seconds(1))
    try await world.host("client").run {
      let observer = ShadowLog()
      var configuration = ClientConfiguration()
      configuration.observers = [observer]
      let endpoints = source ?? EndpointSource.list(names.map { .tcp($0, 9090) })
      try await withServiceGroup("sums", at: endpoints, configuration: configuration) {
        return elements
      } body: { (group) async throws -> Void in
        try await body(world, group, observer)
      }
    }
  }
}
