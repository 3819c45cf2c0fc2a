/// A writer that appends to a buffer: what the protocols of the wire have in common.
@usableFromInline
protocol FormatWriter: ThriftWriter, ~Copyable {
  init(_ buffer: consuming WireBuffer, limits: WireLimits)
  mutating func rollback()
  consuming func finish() -> WireBuffer
}

/// A reader of memory: what the protocols of the wire have in common.
@usableFromInline
protocol FormatReader: ThriftReader, ~Copyable {
  init(_ bytes: UnsafeRawBufferPointer, limits: WireLimits, block: LargeBlock?)
  var position: Int { get }
}

extension BinaryWriter: FormatWriter {}
extension CompactWriter: FormatWriter {}
extension JSONWriter: FormatWriter {}

extension BinaryReader: FormatReader {
  @usableFromInline
  package init(_ bytes: UnsafeRawBufferPointer, limits: WireLimits, block: LargeBlock?) {
    input = WireInput(bytes, limits: limits, block: block)
    isStrict = false
  }
}

extension CompactReader: FormatReader {
  @usableFromInline
  init(_ bytes: UnsafeRawBufferPointer, limits: WireLimits, block: LargeBlock?) {
    input = WireInput(bytes, limits: limits, block: block)
  }
}

extension JSONReader: FormatReader {
  /// Binary values are base64 here: none of them can keep a block.
  @usableFromInline
  init(_ bytes: UnsafeRawBufferPointer, limits: WireLimits, block: LargeBlock?) { self.init(bytes, limits: limits) }
}

extension WireBuffer {
  /// Appends what `body` writes with a writer of the given kind; nothing when it throws.
  @inlinable
  mutating func append<Writer: FormatWriter & ~Copyable>(
    with writer: Writer.Type, limits: WireLimits, _ body: (inout Writer) throws(CodecError) -> Void
  ) throws(CodecError) {
    var writer = Writer(consume self, limits: limits)
    do throws(CodecError) {
      try body(&writer)
    } catch {
      writer.rollback()
      self = writer.finish()
      throw error
    }
    self = writer.finish()
  }
}
