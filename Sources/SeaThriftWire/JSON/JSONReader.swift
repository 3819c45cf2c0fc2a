/// Reads the JSON protocol of Apache Thrift.
///
/// White space may stand between the parts. Numbers that do not fit their type, lone halves of surrogate pairs, and
/// whatever JSON does not allow, are errors.
public struct JSONReader: ~Copyable {
  var input: WireInput
  var nesting = JSONNesting()
  /// The last string that had escapes.
  var unescaped: [UInt8] = []

  /// Creates a reader of `bytes`, which the caller keeps alive and unchanged while it reads.
  ///
  /// - Parameters:
  ///   - bytes: What to read. Beyond ``WireLimits/maxMessageBytes`` reading throws.
  ///   - limits: What may be read.
  public init(_ bytes: UnsafeRawBufferPointer, limits: WireLimits = .default) {
    input = WireInput(bytes, limits: limits)
  }

  /// How many bytes have been read.
  public var position: Int { input.position }

  /// How many bytes are left to read.
  public var bytesRemaining: Int { input.bytesRemaining }

  /// The next byte that is no white space.
  mutating func peek() throws(CodecError) -> UInt8 {
    while true {
      try input.need(1)
      let byte = input.cursor.load(as: UInt8.self)
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      input.cursor += 1
    }
  }

  /// Takes one certain character.
  mutating func expect(_ character: Unicode.Scalar) throws(CodecError) {
    let byte = try peek()
    guard byte == UInt8(ascii: character) else { throw unexpected("'\(character)'") }
    input.cursor += 1
  }

  func unexpected(_ expected: String) -> CodecError {
    CodecError(.invalidData, "\(expected) is expected at byte \(position) of JSON")
  }

  /// Takes what stands before a value; returns whether it is the key of a map.
  mutating func beginValue() throws(CodecError) -> Bool {
    let (separator, isKey) = nesting.advance()
    if let separator { try expect(Unicode.Scalar(separator)) }
    return isKey
  }

  /// Takes the name of a type.
  mutating func takeType() throws(CodecError) -> ThriftType { ThriftType(jsonName: try takeText()) }

  /// Takes a count and checks it: not negative, within the limit, of elements of at least `elementBytes`.
  mutating func takeCount(elementBytes: Int, _ types: ThriftType...) throws(CodecError) -> Int {
    let count = Int(try takeInteger(in: Int64(Int32.min)...Int64(Int32.max)))
    let isKnown = types.allSatisfy { $0.jsonName != nil }
    try input.check(count: count, elementBytes: isKnown ? elementBytes : 0)
    return count
  }
}
