/// Finds the end of a message of a binary format.
struct LayoutScanner<Layout: WireLayout>: Sendable {
  private let limits: WireLimits
  private var body: ValueSteps<Layout>
  private var isInBody = false

  init(limits: WireLimits) {
    self.limits = limits.clamped()
    body = ValueSteps(
      .structure, maxStructs: self.limits.maxDepth, maxLevels: self.limits.maxDepth * 8,
      maxStringBytes: self.limits.maxStringBytes, maxContainerElements: self.limits.maxContainerElements)
  }

  mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(CodecError) -> MessageScanner.Progress {
    if !isInBody {
      switch try Layout.body(bytes, limits: limits) {
      case .needMore(let total): return .needMore(total: max(total, bytes.count + 1))
      case .begins(let offset):
        guard offset < limits.maxMessageBytes else {
          throw .tooLarge("message", offset + 1, limit: limits.maxMessageBytes)
        }
        body.begin(at: offset)
        isInBody = true
      }
    }
    let isComplete = try body.advance(over: bytes, limit: limits.maxMessageBytes)
    return isComplete ? .complete(length: body.position) : .needMore(total: max(body.position, bytes.count + 1))
  }
}
