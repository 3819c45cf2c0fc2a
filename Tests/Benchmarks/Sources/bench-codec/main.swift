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
let bytes = try payload.thriftBytes(.binary)
var buffer = WireBuffer(capacity: 1024)
var total = 0
let write = try nanoseconds(200_000) {
  buffer.removeAll()
  var taken = WireBuffer()
  swap(&taken, &buffer)
  var writer = BinaryWriter(taken)
  try payload.encode(&writer)
  buffer = writer.finish()
  total += buffer.count
}
let read = try nanoseconds(200_000) {
  try bytes.withUnsafeBytes { bytes in
    var reader = BinaryReader(bytes)
    total += try Payload.decode(&reader).items.count
  }
}
print("codec binary bytes=\(bytes.count) write_ns=\(Int(write)) read_ns=\(Int(read)) (\(total % 10))")
