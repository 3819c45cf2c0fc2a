import SeaThriftWire

// What the generator makes, written by hand.

struct Color: ThriftEnum {
  static var thriftName: String { "Color" }
  static var red: Self { Self(rawValue: 0) }
  static var blue: Self { Self(rawValue: 5) }
  static var allCases: [Self] { [red, blue] }
  static func name(of rawValue: Int32) -> String? { [0: "red", 5: "blue"][rawValue] }

  let rawValue: Int32
  init(rawValue: Int32) { self.rawValue = rawValue }
}

/// `struct Tree { 1: i32 value, 2: list<Tree> kids }`
struct Tree: ThriftStruct {
  static var thriftName: String { "Tree" }
  var value: Int32 = 0
  var kids: [Tree] = []

  init(_ value: Int32 = 0, _ kids: [Tree] = []) {
    self.value = value
    self.kids = kids
  }

  /// A tree that is `levels` structs deep.
  init(levels: Int) {
    self = (1..<levels).reduce(Tree()) { tree, level in Tree(Int32(level), [tree]) }
  }

  init<Reader: ThriftReader & ~Copyable>(from reader: inout Reader) throws(CodecError) {
    try reader.readStructBegin()
    while true {
      let field = try reader.readFieldBegin()
      if field.type == .stop { break }
      switch (field.id, field.type) {
      case (1, .i32): value = try reader.readI32()
      case (2, .list):
        let count = try reader.readListBegin(of: .structure)
        kids = []
        kids.reserveCapacity(reader.reservation(for: count, of: Tree.self))
        for _ in 0..<count { kids.append(try reader.readStruct(Tree.self)) }
        try reader.readListEnd()
      default: try reader.skip(field.type)
      }
      try reader.readFieldEnd()
    }
    try reader.readStructEnd()
  }

  func write<Writer: ThriftWriter & ~Copyable>(to writer: inout Writer) throws(CodecError) {
    try writer.writeStructBegin("Tree")
    try writer.writeField("value", 1, value)
    try writer.writeFieldBegin("kids", .list, 2)
    try writer.writeListBegin(.structure, count: kids.count)
    for kid in kids { try writer.write(kid) }
    try writer.writeListEnd()
    try writer.writeFieldEnd()
    try writer.writeFieldStop()
    try writer.writeStructEnd()
  }
}

/// `struct Sample { 1: bool flag, 2: i8 byte, 3: i16 short, 4: i32 int, 5: i64 long, 6: double number, 7: string text,
/// 8: binary data, 9: uuid id, 10: Color color, 11: Tree tree, 12: set<i16> shorts, 13: map<string, bool> flags }`,
/// all optional but the first.
struct Sample: ThriftStruct {
  static var thriftName: String { "Sample" }
  var flag = false
  var byte: Int8?
  var short: Int16?
  var int: Int32?
  var long: Int64?
  var number: Double?
  var text: String?
  var data: [UInt8]?
  var id: ThriftUUID?
  var color: Color?
  var tree: Tree?
  var shorts: Set<Int16>?
  var flags: [String: Bool]?

  init() {}

  static let full: Sample = {
    var sample = Sample()
    sample.flag = true
    sample.byte = -2
    sample.short = -300
    sample.int = 70_000
    sample.long = -5_000_000_000
    sample.number = 0.5
    sample.text = "héllo"
    sample.data = [0, 255]
    sample.id = ThriftUUID(high: 0x0011_2233_4455_6677, low: 0x8899_AABB_CCDD_EEFF)
    sample.color = .blue
    sample.tree = Tree(1, [Tree(2)])
    sample.shorts = [7]
    sample.flags = ["on": true]
    return sample
  }()

  /// As much of it as a protocol has types for.
  static func full(in format: ThriftFormat) -> Sample {
    var sample = full
    if format == .compact2 { sample.id = nil }
    return sample
  }
}
