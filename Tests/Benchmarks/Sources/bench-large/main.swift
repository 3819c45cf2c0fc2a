import BenchService
import Glibc
import SeaThrift

// bench-large server PORT         echoes payloads of any size, until it is killed
// bench-large client PORT [MIB]   sends one with a binary field of so many mebibytes, 64 by default, in and out, five times
// bench-large copy [MIB]          the same bytes in and out through a plain socket
//
// The last two print the best rate, in and out together, and the client the most memory that it took beside its own field.

let mebibyte = 1 << 20
let rounds = 5

/// A value of `/proc/self/status`, in bytes.
func memory(_ key: String) -> Int {
  guard let file = fopen("/proc/self/status", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 256)
  while fgets(&line, 256, file) != nil {
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if text.hasPrefix(key), let number = text.split(whereSeparator: { !$0.isNumber }).first {
      return (Int(number) ?? 0) * 1024
    }
  }
  return 0
}

func best(_ megabytes: Int, _ body: () async throws -> Void) async throws -> String {
  var shortest = Duration.seconds(3600)
  for _ in 0..<rounds {
    let start = ContinuousClock.now
    try await body()
    shortest = min(shortest, ContinuousClock.now - start)
  }
  return "\(Int(Double(2 * megabytes) / (shortest / .seconds(1)))) MiB/s"
}

func limits(_ megabytes: Int) -> WireLimits {
  WireLimits(maxMessageBytes: (megabytes + 1) * mebibyte, maxFrameBytes: (megabytes + 1) * mebibyte)
}

/// Bytes through a plain socket to a thread that reads them all, and back.
func copy(_ megabytes: Int) async throws {
  let bytes = megabytes * mebibyte
  let sockets = try PlainSockets()
  let peer = Thread {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 64)
    defer { buffer.deallocate() }
    for _ in 0..<rounds {
      sockets.receive(buffer, from: sockets.far)
      sockets.send(UnsafeRawBufferPointer(buffer), to: sockets.far)
    }
  }
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 64)
  defer { buffer.deallocate() }
  buffer.initializeMemory(as: UInt8.self, repeating: 7)
  print(
    "copy \(megabytes) MiB:",
    try await best(megabytes) {
      sockets.send(UnsafeRawBufferPointer(buffer), to: sockets.near)
      sockets.receive(buffer, from: sockets.near)
    })
  peer.join()
}

let arguments = CommandLine.arguments
switch arguments.count > 1 ? arguments[1] : "" {
case "server":
  var configuration = ServerConfiguration()
  configuration.limits = limits(1024)
  try await ThriftServer(
    on: .tcp("127.0.0.1", Int(arguments[2]) ?? 0), configuration: configuration, network: try Network(loopCount: 1)
  ) {
    Bench.service(BenchHandler())
  }.run()
case "client":
  let megabytes = arguments.count > 3 ? Int(arguments[3]) ?? 64 : 64
  var configuration = try configuration(policy: "none", concurrency: 1)
  configuration.limits = limits(megabytes)
  let group = try ServiceGroup(
    "bench", at: [.tcp("127.0.0.1", Int(arguments[2]) ?? 0)], configuration: configuration,
    network: try Network(loopCount: 1))
  let client = Bench.Client(group)
  var payload = Payload(id: 1)
  payload.blob = .init(repeating: 7, count: megabytes * mebibyte)
  let before = memory("VmRSS")
  let rate = try await best(megabytes) {
    let echo = try await client.echo(p: payload)
    guard echo.blob.count == payload.blob.count else { throw ConfigurationError("the field came back shorter") }
  }
  let size = Double(megabytes * mebibyte)
  print("client \(megabytes) MiB:", rate, "memory", Double(memory("VmHWM") - before) / size)
  await group.close()
case "copy": try await copy(arguments.count > 2 ? Int(arguments[2]) ?? 64 : 64)
default: print("usage: bench-large server PORT | client PORT [MIB] | copy [MIB]")
}
