import SeaThrift
import SeaThriftTime
import ThriftIDL

/// Makes values as the IDL allows them, without any generated code.
struct RandomValues {
  let program: Program
  var generator: SeededGenerator
  /// Whether fields of default requiredness are always there, as they are in what generated code writes.
  var isComplete = true

  /// The fields of a struct, or the member of a union, sorted by id.
  mutating func value(of structure: Structure, depth: Int = 0) -> ThriftValue {
    let fields = structure.fields.sorted { $0.id < $1.id }
    if structure.kind == .union {
      guard let field = fields.randomElement(using: &generator) else { return .structure([]) }
      let simple = fields.first { !$0.needsIndirection } ?? field
      let chosen = depth < 5 ? field : simple
      return .structure([.init(id: chosen.id, value: value(of: chosen.type, depth: depth + 1))])
    }
    var result: [ThriftValue.Field] = []
    for field in fields where isPresent(field, depth: depth) {
      result.append(.init(id: field.id, value: value(of: field.type, depth: depth + 1)))
    }
    return .structure(result)
  }

  private mutating func isPresent(_ field: Field, depth: Int) -> Bool {
    switch field.requiredness {
    case .required: true
    // Where it is missing it is read as its default, and written then.
    case .optional where field.defaultValue != nil: isComplete || Bool.random(using: &generator)
    case .optional: (depth < 5 || !field.needsIndirection) && Bool.random(using: &generator)
    case .default:
      field.isReference ? depth < 5 && Bool.random(using: &generator) : isComplete || Bool.random(using: &generator)
    }
  }

  private mutating func value(of type: TypeUse, depth: Int) -> ThriftValue {
    switch program.underlying(type).shape {
    case .void, .typedef: .structure([])
    case .base(let base): value(of: base)
    case .enumeration(let id): .i32(number(of: program[id].enumeration?.values.map(\.rawValue) ?? []))
    case .structure(let id): program[id].structure.map { value(of: $0, depth: depth) } ?? .structure([])
    case .list(let element): .list(wireType(of: element), elements(of: element, depth: depth))
    case .set(let element): .set(wireType(of: element), distinct(elements(of: element, depth: depth)))
    case .map(let key, let value): map(from: key, to: value, depth: depth)
    }
  }

  private mutating func map(from key: TypeUse, to value: TypeUse, depth: Int) -> ThriftValue {
    let keys = distinct(elements(of: key, depth: depth))
    var entries: [ThriftValue.Entry] = []
    for key in keys { entries.append(.init(key: key, value: self.value(of: value, depth: depth + 1))) }
    return .map(wireType(of: key), wireType(of: value), entries)
  }

  private mutating func elements(of type: TypeUse, depth: Int) -> [ThriftValue] {
    // Sizes on both sides of 15, from where on the compact protocol writes them apart.
    let sizes = depth > 3 ? [0, 0, 1] : [0, 1, 2, 3, 14, 15, 16]
    let count = sizes.randomElement(using: &generator) ?? 0
    var result: [ThriftValue] = []
    for _ in 0..<(depth > 1 ? min(count, 2) : count) { result.append(value(of: type, depth: depth + 1)) }
    return result
  }

  private func distinct(_ values: [ThriftValue]) -> [ThriftValue] {
    var seen: Set<ThriftValue> = []
    return values.filter { seen.insert(canonical($0)).inserted }
  }

  private mutating func number(of values: [Int32]) -> Int32 {
    // A number without a name is a value too.
    (values + [.random(in: .min ... .max, using: &generator)]).randomElement(using: &generator) ?? 0
  }

  private mutating func value(of base: BaseType) -> ThriftValue {
    switch base {
    case .bool: .bool(.random(using: &generator))
    case .i8: .i8(integer())
    case .i16: .i16(integer())
    case .i32: .i32(integer())
    case .i64: .i64(integer())
    case .double: .double(double())
    case .string: .string(string())
    case .binary: .binary((0..<Int.random(in: 0...40, using: &generator)).map { _ in integer() })
    case .uuid: .uuid(.random(using: &generator))
    }
  }

  private mutating func integer<Value: FixedWidthInteger>() -> Value {
    let edges: [Value] = [0, 1, .min, .max, .max - 1, 63, 64, 127]
    let any = Value.random(in: .min ... .max, using: &generator)
    return Bool.random(using: &generator) ? any : edges.randomElement(using: &generator) ?? any
  }

  /// No NaN, which is not equal to itself, and no -0.0, which is equal to what is written otherwise.
  private mutating func double() -> Double {
    let edges = [0, 1, -1.5, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 0.1, 1e23]
    let any = Double(bitPattern: generator.next())
    let isUsable = !any.isNaN && any != 0 && Bool.random(using: &generator)
    return isUsable ? any : edges.randomElement(using: &generator) ?? 0
  }

  /// No combining characters: Swift takes strings of the same look for equal, and a set keeps one of them.
  private mutating func string() -> String {
    let parts = ["", "a", "\"", "\\", "\u{0}", "\n", "\u{1F600}", "é", "/", "{\"", "\u{7F}", "\u{FFFF}"]
    return (0..<Int.random(in: 0...12, using: &generator))
      .map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
  }

  private func wireType(of type: TypeUse) -> ThriftType {
    switch program.underlying(type).shape {
    case .void, .typedef: .void
    case .base(let base): Self.wireTypes[base] ?? .void
    case .enumeration: .i32
    case .structure: .structure
    case .list: .list
    case .set: .set
    case .map: .map
    }
  }

  private static let wireTypes: [BaseType: ThriftType] = [
    .bool: .bool, .i8: .i8, .i16: .i16, .i32: .i32, .i64: .i64, .double: .double, .string: .string, .binary: .string,
    .uuid: .uuid,
  ]
}
