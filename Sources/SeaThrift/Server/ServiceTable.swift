/// The methods of a server by the names that a message may give them.
struct ServiceTable: Sendable {
  /// A method, as one object: looking it up on each call costs one reference.
  final class Entry: Sendable {
    let name: String
    let executor: (any TaskExecutor)?
    let invoke: ServiceMethod.Invocation

    init(_ method: ServiceMethod) {
      name = method.name
      executor = method.executor
      invoke = method.invoke
    }
  }

  private var entries: [String: Entry] = [:]

  /// The methods of every service by `Service:method`, and those of the first one by their bare names too, for clients
  /// that do not multiplex.
  init(_ services: [ThriftService]) throws(ConfigurationError) {
    guard let first = services.first else { throw ConfigurationError("a server hosts at least one service") }
    var names: Set<String> = []
    for service in services {
      guard names.insert(service.name).inserted else {
        throw ConfigurationError("two services are named \"\(service.name)\"")
      }
      for method in service.methods { entries["\(service.name):\(method.name)"] = Entry(method) }
    }
    for method in first.methods { entries[method.name] = Entry(method) }
  }

  subscript(name: String) -> Entry? { entries[name] }
}
