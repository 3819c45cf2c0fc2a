import BenchService
import Glibc
import SeaThrift

/// Writes one framed call of each method that is measured, for a load generator to send.
func writeFrames(to directory: String) throws {
  var add = Bench.Arguments.add()
  add.a = 3
  add.b = 4
  var echo = Bench.Arguments.echo()
  echo.p = samplePayload()
  try write(frame("add", add), to: "\(directory)/add.frame")
  try write(frame("echo", echo), to: "\(directory)/echo.frame")
}

private func frame(_ method: String, _ arguments: some ThriftStruct) throws -> [UInt8] {
  var writer = BinaryWriter()
  try writer.writeMessageBegin(method, .call, 0)
  try arguments.encode(&writer)
  let message = writer.finish().bytes
  return (0..<4).map { UInt8(truncatingIfNeeded: message.count >> (24 - 8 * $0)) } + message
}

private func write(_ bytes: [UInt8], to path: String) throws {
  guard let file = fopen(path, "wb") else { throw ConfigurationError("cannot write \(path)") }
  defer { fclose(file) }
  guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw ConfigurationError("cannot write \(path)") }
}
