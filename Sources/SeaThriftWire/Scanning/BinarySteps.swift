/// Finds the end of one value of the binary protocol, in bytes that may arrive in pieces.
///
/// It keeps its place on a stack of its own, so that neither its depth nor its resumption needs the thread's stack, and
/// looks at each byte at most once: the cost is linear however the bytes are cut. Values of fixed size are not looked
/// at: the position moves past them at once, also beyond what has arrived.
struct BinarySteps: Sendable {
  /// A struct or container that has begun.
  private struct Level: Sendable {
    /// How many values are left; negative in a struct, whose end is marked.
    var remaining: Int
    var next = ThriftType.stop
    /// What follows `next`: the same, except in a map.
    var afterNext = ThriftType.stop
  }

  /// How many bytes are known to belong to the value (and to what came before).
  private(set) var position = 0
  private let maxStructs: Int
  private let maxLevels: Int
  private let maxStringBytes: Int
  private let maxContainerElements: Int
  private var structs = 0
  /// The innermost level, and those around it; a level without end stands for the outside.
  private var level = Level(remaining: .max)
  private var outer: [Level] = []
  /// A value whose first bytes have not arrived.
  private var pending: ThriftType

  /// Begins before a value of the given type.
  init(_ type: ThriftType, maxStructs: Int, maxLevels: Int, maxStringBytes: Int, maxContainerElements: Int) {
    pending = type
    self.maxStructs = maxStructs
    self.maxLevels = maxLevels
    self.maxStringBytes = maxStringBytes
    self.maxContainerElements = maxContainerElements
  }

  /// Says where the value begins; it has not been looked at.
  mutating func begin(at position: Int) { self.position = position }

  /// Goes on over `bytes`, which begin where they began at the first call and may have become more.
  ///
  /// - Parameter limit: No value may reach beyond it.
  /// - Returns: Whether the value is complete; if not, more bytes are needed.
  mutating func advance(over bytes: UnsafeRawBufferPointer, limit: Int) throws(CodecError) -> Bool {
    while true {
      var type = pending
      pending = .stop
      if type == .stop {
        if level.remaining < 0 {
          moveOverFields(bytes, limit)
          guard position < bytes.count else { return false }
          type = ThriftType(rawValue: bytes[position])
          if type == .stop {
            try move(1, limit)
            structs -= 1
            leave()
            continue
          }
          // Where a header ends, at least a value or a stop follows.
          guard bytes.count - position >= 3 else { return false }
          try move(3, limit)
        } else if level.remaining > 0 {
          if outer.isEmpty { return position <= bytes.count }
          level.remaining -= 1
          type = level.next
          swap(&level.next, &level.afterNext)
        } else {
          leave()
          continue
        }
      }
      let size = type.fixedBinaryBytes
      if size > 0 {
        try move(size, limit)
      } else if type == .structure {
        structs += 1
        try enter(Level(remaining: -1))
      } else if try !begin(type, bytes, limit) {
        pending = type
        return false
      }
    }
  }

  /// Steps over fields that are simple and wholly there: most of them, in a loop that keeps its place in a register.
  private mutating func moveOverFields(_ bytes: UnsafeRawBufferPointer, _ limit: Int) {
    var position = position
    defer { self.position = position }
    let end = min(bytes.count, limit)
    while end - position >= 7 {
      let type = ThriftType(rawValue: bytes[position])
      var size = type.fixedBinaryBytes
      if size == 0 {
        guard type == .string else { return }
        size = number(bytes, position + 3)
        guard size >= 0, size <= maxStringBytes else { return }
        size += 4
      }
      guard size <= end - position - 3 else { return }
      position += 3 + size
    }
  }

  /// Steps over a string, or into a container; false when its beginning has not arrived.
  private mutating func begin(
    _ type: ThriftType, _ bytes: UnsafeRawBufferPointer, _ limit: Int
  ) throws(CodecError) -> Bool {
    let available = bytes.count - position
    switch type {
    case .string:
      guard available >= 4 else { return false }
      let size = number(bytes, position)
      guard size >= 0, size <= maxStringBytes else {
        throw .size(size, of: "string", limit: maxStringBytes, available: available)
      }
      try move(4 + size, limit)
    case .list, .set:
      guard available >= 5 else { return false }
      let element = ThriftType(rawValue: bytes[position])
      try beginContainer(element, nil, number(bytes, position + 1), headerBytes: 5, limit)
    case .map:
      guard available >= 6 else { return false }
      let key = ThriftType(rawValue: bytes[position])
      let value = ThriftType(rawValue: bytes[position + 1])
      try beginContainer(key, value, number(bytes, position + 2), headerBytes: 6, limit)
    default: throw .unknownType(type)
    }
    return true
  }

  private mutating func beginContainer(
    _ first: ThriftType, _ second: ThriftType?, _ count: Int, headerBytes: Int, _ limit: Int
  ) throws(CodecError) {
    guard count >= 0, count <= maxContainerElements else {
      throw .count(count, of: "container", limit: maxContainerElements, available: limit - position)
    }
    try move(headerBytes, limit)
    try enter(Level(remaining: 0, next: first, afterNext: second ?? first))
    if count == 0 { return }
    for type in [first, second ?? first] where type.leastBinaryBytes == 0 { throw .unknownType(type) }
    let least = first.leastBinaryBytes + (second?.leastBinaryBytes ?? 0)
    guard count <= (limit - position) / least else {
      throw .count(count, of: "container", limit: maxContainerElements, available: limit - position)
    }
    if first.fixedBinaryBytes > 0, second?.fixedBinaryBytes != 0 {
      try move(count * least, limit)
    } else {
      level.remaining = second == nil ? count : count * 2
    }
  }

  private mutating func enter(_ inner: Level) throws(CodecError) {
    if outer.capacity == 0 { outer.reserveCapacity(8) }
    outer.append(level)
    level = inner
    if structs > maxStructs { throw .tooDeep(limit: maxStructs) }
    if outer.count > maxLevels { throw .tooDeep(limit: maxLevels) }
  }

  private mutating func leave() {
    // Only what was entered is left.
    level = outer.popLast() ?? Level(remaining: .max)
  }

  private mutating func move(_ count: Int, _ limit: Int) throws(CodecError) {
    guard count <= limit - position else {
      throw CodecError(.sizeLimitExceeded, "a value reaches beyond the limit of \(limit) bytes")
    }
    position += count
  }

  private func number(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int {
    Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
  }
}
