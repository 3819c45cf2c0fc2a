import CrossTestIDL
import Dispatch
import Glibc
import SeaThrift

/// The server of Apache's cross-language test. It serves every kind of client at its port, and ends with a signal.
@main
enum CrossTestServer {
  static func main() async {
    let options = CrossTestOptions.ofProcess(shortN: "workers")
    var configuration = ServerConfiguration()
    configuration.limits = options.limits
    configuration.gracePeriod = .seconds(1)
    let handler = CrossTestHandler()
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in [SIGINT, SIGTERM, SIGHUP] {
          group.addTask { await wait(for: number) }
        }
        let server = try await bound(options, configuration, handler)
        group.addTask { try await server.run() }
        try await group.next()
        group.cancelAll()
      }
    } catch {
      say("\(error)", to: 2)
      exit(1)
    }
  }

  private static func bound(
    _ options: CrossTestOptions, _ configuration: ServerConfiguration, _ handler: CrossTestHandler
  ) async throws -> ThriftServer {
    func server(at address: EndpointAddress) async throws -> ThriftServer {
      let server = try ThriftServer(on: address, configuration: configuration) {
        CrossTest.ThriftTest.service(handler)
        CrossTest.SecondService.service(handler)
      }
      say("listening at \(try await server.bind())")
      return server
    }
    if let address = options.unixAddress { return try await server(at: address) }
    // Both versions of IP, where there are both.
    if let both = try? await server(at: .tcp("::", options.port)) { return both }
    return try await server(at: .tcp("0.0.0.0", options.port))
  }

  /// Waits for a signal, or for the end of the task.
  private static func wait(for number: Int32) async {
    signal(number, SIG_IGN)
    let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
    let source = DispatchSource.makeSignalSource(signal: number)
    source.setEventHandler { continuation.finish() }
    source.resume()
    for await _ in signals {}
    source.cancel()
  }
}
