/// Where a reader or writer of JSON is: what stands between the value before and the next one.
enum JSONPlace: UInt8 {
  /// Nothing: the value of a field, or the whole text.
  case alone
  /// A comma: elements of a list follow its type and count.
  case element
  /// Nothing: the first key of a map. Keys that are numbers are quoted.
  case firstKey
  /// A comma: a later key of a map.
  case key
  /// A colon: the value of a key.
  case value
  /// Nothing: the first field of a struct.
  case firstField
  /// A comma: a later field.
  case field
}

/// The places of all values that have begun.
struct JSONNesting {
  private(set) var place = JSONPlace.alone
  private var outer: [JSONPlace] = []

  mutating func enter(_ inner: JSONPlace) {
    if outer.capacity == 0 { outer.reserveCapacity(16) }
    outer.append(place)
    place = inner
  }

  mutating func leave() { place = outer.popLast() ?? .alone }

  /// Moves on to the next value; returns what stands before it, and whether it is the key of a map.
  mutating func advance() -> (separator: UInt8?, isKey: Bool) {
    switch place {
    case .alone: return (nil, false)
    case .element: return (UInt8(ascii: ","), false)
    case .firstKey:
      place = .value
      return (nil, true)
    case .key:
      place = .value
      return (UInt8(ascii: ","), true)
    case .value:
      place = .key
      return (UInt8(ascii: ":"), false)
    case .firstField:
      place = .field
      return (nil, false)
    case .field: return (UInt8(ascii: ","), false)
    }
  }
}
