import GRPCCore
import GRPCNIOTransportHTTP2Posix

// grpc-pair [SECONDS]: a client and a server in one process, as bench-pair has them, with gRPC. The messages are two
// numbers and their sum in big-endian bytes, so that nothing is measured but the framework.

struct Numbers: MessageSerializer, MessageDeserializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: [Int32]) throws -> Bytes {
    Bytes(message.flatMap { number in withUnsafeBytes(of: number.bigEndian) { Array($0) } })
  }

  func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> [Int32] {
    bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self)) }
    }
  }
}

let add = MethodDescriptor(fullyQualifiedService: "bench.Bench", method: "add")

struct Adder: RegistrableRPCService {
  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    router.registerHandler(forMethod: add, deserializer: Numbers(), serializer: Numbers()) { request, _ in
      let numbers = try await ServerRequest(stream: request).message
      return StreamingServerResponse(single: ServerResponse(message: [numbers.reduce(0, &+)]))
    }
  }
}

let seconds = CommandLine.arguments.count > 1 ? Double(CommandLine.arguments[1]) ?? 2 : 2
let server = GRPCServer(
  transport: .http2NIOPosix(address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext),
  services: [Adder()])
try await withThrowingDiscardingTaskGroup { group in
  group.addTask { try await server.serve() }
  guard let port = try await server.listeningAddress?.ipv4?.port else { fatalError("the server does not listen") }
  try await withGRPCClient(
    transport: .http2NIOPosix(target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext)
  ) { client in
    for callers in [1, 64] {
      let clock = ContinuousClock()
      let start = clock.now
      let end = start.advanced(by: .seconds(seconds))
      let calls = try await withThrowingTaskGroup(of: Int.self) { callersGroup in
        for _ in 0..<callers {
          callersGroup.addTask {
            var calls = 0
            while clock.now < end {
              let sum = try await client.unary(
                request: ClientRequest(message: [3, 4]), descriptor: add, serializer: Numbers(),
                deserializer: Numbers(), options: .defaults
              ) { try $0.message }
              precondition(sum == [7])
              calls += 1
            }
            return calls
          }
        }
        var sum = 0
        for try await calls in callersGroup { sum += calls }
        return sum
      }
      print("grpc-swift callers=\(callers) add rps=\(Int(Double(calls) / ((clock.now - start) / .seconds(1))))")
    }
  }
  server.beginGracefulShutdown()
}
