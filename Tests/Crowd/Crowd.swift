import Glibc
import SeaThrift
import SeaThriftSockets

/// A server and a client that are run with few descriptors: `serve`, which prints its port and ends with its standard
/// input; `call PORT COUNT`, which makes so many calls at the same time and prints with what they ended.
@main
enum Crowd {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    switch arguments.first {
    case "serve": try await serve()
    case "call": try await call(arguments.dropFirst().compactMap { Int($0) })
    default: exit(64)
    }
  }

  private struct Handler: Crowded.Handler {
    // What takes time holds a connection, so that calls made together need one each.
    func wait() async throws -> Int32 {
      try await Task.sleep(for: .milliseconds(300))
      return 1
    }
  }

  private static func serve() async throws {
    try await withThriftServer(on: .tcp("127.0.0.1", 0)) {
      Crowded.service(Handler())
    } body: { address in
      print(address.port ?? 0)
      fflush(nil)
      var byte: UInt8 = 0
      while read(STDIN_FILENO, &byte, 1) > 0 {}
    }
  }

  private static func call(_ numbers: [Int]) async throws {
    var configuration = ClientConfiguration()
    configuration.policy.perEndpoint.pool = Pool(size: numbers[1])
    configuration.policy.perEndpoint.timeouts = Timeouts(connect: .seconds(60), read: .seconds(60))
    let endpoint = try Endpoint(.tcp("127.0.0.1", numbers[0]), configuration: configuration)
    let outcomes = await withTaskGroup(of: String.self) { group in
      for _ in 0..<numbers[1] {
        group.addTask {
          do {
            return try await Crowded.Client(endpoint).wait() == 1 ? "ok" : "wrong"
          } catch {
            return "\((error as? RPCError)?.code ?? .closed)"
          }
        }
      }
      return await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
    }
    await endpoint.close()
    print(outcomes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
  }
}
