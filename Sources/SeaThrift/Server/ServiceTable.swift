/// The methods of a server by the names that a message may give them.
struct ServiceTable: Sendable {
  private var methods: [String: ServiceMethod] = [:]

  /// The methods of every service by `Service:method`, and those of the first one by their bare names too, for clients
  /// that do not multiplex.
  init(_ services: [ThriftService]) throws(ConfigurationError) {
    guard let first = services.first else { throw ConfigurationError("a server hosts at least one service") }
    var names: Set<String> = []
    for service in services {
      guard names.insert(service.name).inserted else {
        throw ConfigurationError("two services are named \"\(service.name)\"")
      }
      for method in service.methods { methods["\(service.name):\(method.name)"] = method }
    }
    for method in first.methods { methods[method.name] = method }
  }

  subscript(name: String) -> ServiceMethod? { methods[name] }
}
