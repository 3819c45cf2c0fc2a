/// Finds the end of one value of a binary format, in bytes that may arrive in pieces.
///
/// It keeps its place on a stack of its own, so that neither its depth nor its resumption needs the thread's stack, and
/// looks at each byte a bounded number of times: the cost is linear however the bytes are cut. Values of fixed size are
/// not looked at: the position moves past them at once, also beyond what has arrived.
struct ValueSteps<Layout: WireLayout>: Sendable {
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
          try moveOverFields(bytes, limit)
          guard position < bytes.count, let field = try Layout.field(bytes, at: position) else { return false }
          try move(field.headerBytes, limit)
          type = field.type
          if type == .stop {
            structs -= 1
            leave()
            continue
          }
          if type == .void { continue }
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
      if type == .structure {
        structs += 1
        try enter(Level(remaining: -1))
      } else if try !begin(type, bytes, limit) {
        pending = type
        return false
      }
    }
  }

  /// Steps over fields that are simple and wholly there: most of them, in a loop that keeps its place in a register.
  private mutating func moveOverFields(_ bytes: UnsafeRawBufferPointer, _ limit: Int) throws(CodecError) {
    var position = position
    defer { self.position = position }
    let end = min(bytes.count, limit)
    while position < end, let field = try Layout.field(bytes, at: position), field.type != .stop {
      let value = position + field.headerBytes
      if field.type == .void, value <= end {
        position = value
        continue
      }
      var size = Layout.fixedBytes(field.type)
      if field.type == .string, value < end, let string = try Layout.string(bytes, at: value),
        string.size >= 0, string.size <= maxStringBytes
      {
        size = string.size + string.headerBytes
      }
      guard size > 0, size <= end - value else { return }
      position = value + size
    }
  }

  /// Steps over a simple value, or into a container; false when its beginning has not arrived.
  private mutating func begin(
    _ type: ThriftType, _ bytes: UnsafeRawBufferPointer, _ limit: Int
  ) throws(CodecError) -> Bool {
    let fixed = Layout.fixedBytes(type)
    if fixed > 0 {
      try move(fixed, limit)
      return true
    }
    guard Layout.leastBytes(type) > 0 else { throw .unknownType(type) }
    guard position < bytes.count else { return false }
    if type == .string {
      guard let (size, headerBytes) = try Layout.string(bytes, at: position) else { return false }
      guard size >= 0, size <= maxStringBytes else {
        throw .size(size, of: "string", limit: maxStringBytes, available: bytes.count - position)
      }
      try move(headerBytes + size, limit)
    } else if type == .list || type == .set || type == .map {
      guard let container = try Layout.container(type, bytes, at: position) else { return false }
      try begin(container, limit)
    } else {
      guard let size = try Layout.varyingBytes(type, bytes, at: position) else { return false }
      try move(size, limit)
    }
    return true
  }

  private mutating func begin(_ container: ContainerStep, _ limit: Int) throws(CodecError) {
    guard container.count >= 0, container.count <= maxContainerElements else {
      throw .count(container.count, of: "container", limit: maxContainerElements, available: limit - position)
    }
    try move(container.headerBytes, limit)
    let second = container.second ?? container.first
    try enter(Level(remaining: 0, next: container.first, afterNext: second))
    if container.count == 0 { return }
    let firstBytes = Layout.leastBytes(container.first)
    let secondBytes = container.second == nil ? 0 : Layout.leastBytes(second)
    if firstBytes == 0 { throw .unknownType(container.first) }
    if secondBytes == 0, container.second != nil { throw .unknownType(second) }
    let least = firstBytes + secondBytes
    guard container.count <= (limit - position) / least else {
      throw .count(container.count, of: "container", limit: maxContainerElements, available: limit - position)
    }
    if Layout.fixedBytes(container.first) > 0, Layout.fixedBytes(second) > 0 {
      try move(container.count * least, limit)
    } else {
      level.remaining = container.second == nil ? container.count : container.count * 2
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
}

extension WireInput {
  /// Moves past a value. Structs and containers count as levels.
  mutating func step<Layout: WireLayout>(over type: ThriftType, _ layout: Layout.Type) throws(CodecError) {
    let levels = maxDepth - depth
    var steps = ValueSteps<Layout>(
      type, maxStructs: levels, maxLevels: levels, maxStringBytes: maxStringBytes,
      maxContainerElements: maxContainerElements)
    let rest = rest
    guard try steps.advance(over: rest, limit: .max) else { throw missing(max(steps.position - rest.count, 1)) }
    cursor += steps.position
  }
}
