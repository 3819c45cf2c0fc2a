import BenchService
import Glibc
import SeaThrift

// bench-codec: nanoseconds to write and to read the sample payload in memory, the best of five rounds.
// bench-codec frames DIRECTORY: writes add.frame and echo.frame, one framed call each, for bench-load.

func nanoseconds(_ rounds: Int, _ body: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  var best = Double.infinity
  for _ in 0..<5 {
    let start = clock.now
    for _ in 0..<rounds { try body() }
    best = min(best, (clock.now - start) / .nanoseconds(1) / Double(rounds))
  }
  return best
}

if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "frames" {
  try writeFrames(to: CommandLine.arguments[2])
  exit(0)
}

let payload = samplePayload()

func measure(
  _ name: String, _ bytes: [UInt8], write: (consuming WireBuffer) throws -> WireBuffer,
  read: (UnsafeRawBufferPointer) throws -> Payload
) throws {
  var buffer = WireBuffer(capacity: 1024)
  var total = 0
  let writing = try nanoseconds(200_000) {
    buffer.removeAll()
    var taken = WireBuffer()
    swap(&taken, &buffer)
    buffer = try write(taken)
    total += buffer.count
  }
  let reading = try nanoseconds(200_000) {
    total += try bytes.withUnsafeBytes { try read($0) }.items.count
  }
  print(
    "codec \(name) bytes=\(bytes.count) write_ns=\(Int(writing)) read_ns=\(Int(reading)) (\(total % 10))")
}

try measure("binary", payload.thriftBytes(.binary)) { buffer in
  var writer = BinaryWriter(buffer)
  try payload.encode(&writer)
  return writer.finish()
} read: { bytes in
  var reader = BinaryReader(bytes)
  return try Payload.decode(&reader)
}
try measure("compact", payload.thriftBytes(.compact)) { buffer in
  var writer = CompactWriter(buffer)
  try payload.encode(&writer)
  return writer.finish()
} read: { bytes in
  var reader = CompactReader(bytes)
  return try Payload.decode(&reader)
}
