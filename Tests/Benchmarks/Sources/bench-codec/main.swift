import BenchService
import SeaThrift

// bench-codec: nanoseconds to write and to read the sample payload in memory, the best of five rounds.

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
