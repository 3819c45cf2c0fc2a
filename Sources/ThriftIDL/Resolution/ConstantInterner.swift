/// Gives equal values equal numbers.
///
/// Values that refer to others share them, so that written out they can be as large as you like. Here every const is
/// looked at once only.
struct ConstantInterner {
  /// A value, its parts reduced to their numbers.
  private enum Node: Hashable {
    case integer(Int64)
    case double(Double)
    case bytes([UInt8])
    case list([Int])
    case set(Set<Int>)
    /// Keys and values, or the indices of fields and their values.
    case entries([Int: Int])
  }

  private var numbers: [Node: Int] = [:]
  private var constants: [DefinitionID: Int] = [:]

  /// The number of a value among all values of its type. Structs are compared as written, without their defaults.
  ///
  /// - Parameter rawValue: the number of an enum value.
  mutating func number(of value: ConstantValue, rawValue: (DefinitionID, Int) -> Int32) -> Int {
    let node: Node
    switch value.kind {
    case .bool(let value): node = .integer(value ? 1 : 0)
    case .integer(let value): node = .integer(value)
    case .double(let value): node = .double(value)
    case .string(let text): node = .bytes(Array(text.utf8))
    case .binary(let bytes), .uuid(let bytes): node = .bytes(bytes)
    case .enumerationValue(let id, let index): node = .integer(Int64(rawValue(id, index)))
    case .list(let elements): node = .list(elements.map { number(of: $0, rawValue: rawValue) })
    case .set(let elements): node = .set(Set(elements.map { number(of: $0, rawValue: rawValue) }))
    case .map(let entries):
      let pairs = entries.map { (number(of: $0.key, rawValue: rawValue), number(of: $0.value, rawValue: rawValue)) }
      node = .entries(Dictionary(pairs) { _, last in last })
    case .structure(_, let fields):
      let pairs = fields.map { ($0.field, number(of: $0.value, rawValue: rawValue)) }
      node = .entries(Dictionary(pairs) { _, last in last })
    case .reference(let id, let value):
      // A scalar may have been converted to another type than the const has.
      guard value.isContainer else { return number(of: value, rawValue: rawValue) }
      if let known = constants[id] { return known }
      let number = number(of: value, rawValue: rawValue)
      constants[id] = number
      return number
    }
    if let known = numbers[node] { return known }
    numbers[node] = numbers.count
    return numbers.count - 1
  }
}

extension ConstantValue {
  /// Whether it is made of other values.
  var isContainer: Bool {
    switch kind {
    case .list, .set, .map, .structure: true
    default: false
    }
  }
}
