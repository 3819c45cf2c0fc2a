import SeaThriftWire

/// A method of a service that is hosted, which may be another than the one that declares it.
struct HostedMethod: Sendable {
  let service: String
  let facts: MethodFacts

  /// `Service.method` with the service that is hosted.
  var qualifiedName: String { "\(service).\(facts.name)" }
}

extension [ThriftService] {
  /// All methods of all services.
  var hostedMethods: [HostedMethod] {
    flatMap { service in service.methods.map { HostedMethod(service: service.name, facts: $0.facts) } }
  }
}

/// The methods of a server by the names that a message may give them.
///
/// A hash table of the names' bytes as they lie in a message, so that finding a method makes no string. It never
/// changes, so names that clients make up cannot fill it. Each event loop has its own.
struct ServiceTable {
  /// A method, as one object: looking it up on each call costs one reference.
  final class Entry {
    /// What clients call it, on multiplexed connections `Service:method`.
    let name: String
    /// The method's name without the service's, which is what replies carry.
    let replyName: String
    /// Whether its calls get no reply.
    let isOneway: Bool
    let executor: (any TaskExecutor)?
    let invoke: ServiceMethod.Invocation
    /// What stands around its handler; nil for nothing.
    @exclusivity(unchecked) fileprivate(set) var guards: CallGuards?
    fileprivate let qualifiedName: String
    private let bytes: [UInt8]

    init(_ name: String, _ qualifiedName: String, _ method: ServiceMethod, _ guards: CallGuards?) {
      self.name = name
      self.qualifiedName = qualifiedName
      replyName = method.name
      isOneway = method.facts.isOneway
      executor = method.executor
      invoke = method.invoke
      self.guards = guards
      bytes = Array(name.utf8)
    }

    /// Whether `name` is this method's.
    @inline(__always)
    func isNamed(_ name: UnsafeRawBufferPointer) -> Bool { bytes.withUnsafeBytes { name.hasSameBytes(as: $0) } }
  }

  /// By open addressing, a power of two of them and at least half of them empty.
  private let slots: [Entry?]

  /// The methods of every service by `Service:method`, and those of the first one by their bare names too, for clients
  /// that do not multiplex.
  init(_ services: [ThriftService], _ factory: GuardFactory) throws(ConfigurationError) {
    guard let first = services.first else { throw ConfigurationError("a server hosts at least one service") }
    var entries: [String: Entry] = [:]
    var names: Set<String> = []
    for service in services {
      guard names.insert(service.name).inserted else {
        throw ConfigurationError("two services are named \"\(service.name)\"")
      }
      for method in service.methods {
        let name = "\(service.name):\(method.name)"
        let hosted = HostedMethod(service: service.name, facts: method.facts)
        let (qualifiedName, guards) = (hosted.qualifiedName, factory.guards(of: hosted))
        entries[name] = Entry(name, qualifiedName, method, guards)
        if service.name == first.name { entries[method.name] = Entry(method.name, qualifiedName, method, guards) }
      }
    }
    slots = Self.slots(for: entries)
  }

  private static func slots(for entries: [String: Entry]) -> [Entry?] {
    var count = 4
    while count < 2 * entries.count { count *= 2 }
    var slots = [Entry?](repeating: nil, count: count)
    for (name, entry) in entries {
      var name = name
      var slot = name.withUTF8 { UnsafeRawBufferPointer($0).quickHash } & (count - 1)
      while slots[slot] != nil { slot = (slot + 1) & (count - 1) }
      slots[slot] = entry
    }
    return slots
  }

  /// Puts other guards around the methods, for the calls that begin from now on. On the loop's thread.
  func update(_ guards: [String: CallGuards]) {
    for case let entry? in slots { entry.guards = guards[entry.qualifiedName] }
  }

  /// The method that is called `name`.
  subscript(name: UnsafeRawBufferPointer) -> Entry? {
    var slot = name.quickHash & (slots.count - 1)
    while let entry = slots[slot] {
      if entry.isNamed(name) { return entry }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }
}

extension UnsafeRawBufferPointer {
  /// FNV-1a over the first 32 bytes and the count; the rest of a longer name seldom tells it from another.
  fileprivate var quickHash: Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(truncatingIfNeeded: count)
    for byte in prefix(32) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int(truncatingIfNeeded: hash ^ (hash >> 32))
  }

  @inline(__always)
  fileprivate func hasSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count else { return false }
    for index in 0..<count where self[index] != other[index] { return false }
    return true
  }
}
