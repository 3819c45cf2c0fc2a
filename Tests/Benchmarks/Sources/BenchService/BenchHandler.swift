/// Does as little as a handler can, so that what is measured is everything else.
public struct BenchHandler: Bench.Handler {
  /// Creates the handler.
  public init() {}

  /// Nothing.
  public func ping() async throws {}

  /// The sum.
  public func add(a: Int32, b: Int32) async throws -> Int32 { a &+ b }

  /// The payload itself.
  public func echo(p: Payload) async throws -> Payload { p }
}

/// The message that is sent: ten items, five counts, 128 bytes of binary.
public func samplePayload() -> Payload {
  var payload = Payload()
  payload.id = 1
  payload.title = "hello world, this is a title"
  payload.blob = [UInt8](repeating: UInt8(ascii: "x"), count: 128)
  payload.items = (0..<10).map { index in
    Item(id: Int64(index), name: "item-name-\(index)", score: Double(index) * 1.5, active: index % 2 == 1)
  }
  payload.counts = Dictionary(uniqueKeysWithValues: (0..<5).map { ("key\($0)", Int32($0)) })
  return payload
}
