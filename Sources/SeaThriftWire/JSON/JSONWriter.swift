/// Writes the JSON protocol of Apache Thrift: numbers of fields and names of types, for machines that speak JSON best.
///
/// It appends to the buffer that it is given, as ``BinaryWriter`` does, and gives it back in the end. A message (all that
/// one writer appends) may have ``WireLimits/maxMessageBytes``.
public struct JSONWriter: ~Copyable {
  var output: WireOutput
  var nesting = JSONNesting()

  /// Creates a writer that appends to `buffer`.
  public init(_ buffer: consuming WireBuffer = WireBuffer(), limits: WireLimits = .default) {
    output = WireOutput(buffer, limits: limits)
  }

  /// How many bytes this writer has appended.
  public var writtenBytes: Int { output.writtenBytes }

  /// Takes back all that this writer has appended, for instance after an error.
  public mutating func rollback() {
    output.rollback()
    nesting = JSONNesting()
  }

  /// Ends writing and gives the buffer back.
  public consuming func finish() -> WireBuffer { output.finish() }

  /// Writes what stands before a value; returns whether it is the key of a map.
  mutating func beginValue() throws(CodecError) -> Bool {
    let (separator, isKey) = nesting.advance()
    if let separator { try put(separator) }
    return isKey
  }

  mutating func put(_ byte: UInt8) throws(CodecError) {
    try output.reserve(1)
    output.put(byte)
  }

  mutating func put(_ text: StaticString) throws(CodecError) {
    try output.reserve(text.utf8CodeUnitCount)
    text.withUTF8Buffer { text in
      for byte in text { output.put(byte) }
    }
  }

  mutating func putName(_ type: ThriftType, isNeeded: Bool = true) throws(CodecError) {
    // The type of the elements that are not there means nothing, but must have a name.
    guard let name = type.jsonName ?? (isNeeded ? nil : "i8") else { throw .unknownType(type) }
    try put("\"")
    try put(name)
    try put("\"")
  }

  mutating func put(integer: Int64) throws(CodecError) {
    try output.reserve(20)
    if integer < 0 { output.put(UInt8(ascii: "-")) }
    var rest = integer.magnitude
    var digits = 1
    var power: UInt64 = 1
    while rest / power >= 10 {
      power *= 10
      digits += 1
    }
    for _ in 0..<digits {
      output.put(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / power))
      rest %= power
      power /= 10
    }
  }

  /// Writes an integer as a value, quoted when it is a key.
  mutating func write(integer: Int64) throws(CodecError) {
    let isKey = try beginValue()
    if isKey { try put("\"") }
    try put(integer: integer)
    if isKey { try put("\"") }
  }
}
