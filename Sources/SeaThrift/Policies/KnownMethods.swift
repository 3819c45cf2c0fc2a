import SeaThriftTime

/// The methods that are known to exist, and whether a name of a policy can be one.
struct KnownMethods {
  /// No more names than these are listed in a message.
  private static let mostListed = 20

  private var names: Set<String> = []
  /// The services of which every method is known.
  private var services: Set<Substring> = []

  init() {}

  init(_ services: [any DeclaredService.Type]) {
    for service in services { add(service.methodNames, of: service.serviceName) }
  }

  /// Only the names themselves, which are all that there are.
  init(names: some Sequence<String>) { self.names = Set(names) }

  /// Notes the methods of a service, with those that it inherits. An empty list says nothing.
  mutating func add(_ methods: [String], of service: String) {
    if methods.isEmpty || services.contains(service[...]) { return }
    names.formUnion(methods)
    services.insert(service[...])
    for method in methods { services.insert(Self.service(of: method)) }
  }

  /// Throws when one of the names is no method of a service that is known, or names no service.
  func check(_ written: some Sequence<String>) throws(PolicyError) {
    if services.isEmpty { return }
    try refuse(written.filter { !$0.contains(".") || services.contains(Self.service(of: $0)) })
  }

  /// Throws when one of the names is no method that is known.
  func checkAll(_ written: some Sequence<String>) throws(PolicyError) { try refuse(Array(written)) }

  private func refuse(_ written: [String]) throws(PolicyError) {
    guard let unknown = written.filter({ !names.contains($0) }).min() else { return }
    throw PolicyError(policy: "Policy", field: "methods", value: "\"\(unknown)\"", allowed: allowed(insteadOf: unknown))
  }

  /// Which names there are, and the one that was meant.
  func allowed(insteadOf name: String) -> String {
    let sorted = names.sorted()
    var text = "one of \(sorted.prefix(Self.mostListed).map { "\"\($0)\"" }.joined(separator: ", "))"
    if sorted.count > Self.mostListed { text += " and \(sorted.count - Self.mostListed) more" }
    if sorted.isEmpty { text = "none" }
    return text + hint(for: name)
  }

  /// `; did you mean "Inventory.reserve"?`, or nothing.
  func hint(for name: String) -> String {
    var suggester = NameSuggester()
    let found =
      suggester.suggestion(for: name) { names.map { NameSuggester.Candidate($0) } }
      ?? suggester.suggestion(for: Self.method(of: name)) {
        names.map { NameSuggester.Candidate($0, key: Self.method(of: $0)) }
      }
    return found.map { "; did you mean \"\($0)\"?" } ?? ""
  }

  private static func service(of name: String) -> Substring {
    name.lastIndex(of: ".").map { name[..<$0] } ?? ""
  }

  private static func method(of name: String) -> String {
    name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? name
  }
}

extension Policy {
  /// Throws when a value is out of its range, or when a method is named that none of the services has; the error names it,
  /// and the one that may have been meant.
  ///
  /// A ``ServiceGroup`` finds out by itself when a service is first called; here it is found before, for instance where a
  /// configuration is read.
  ///
  /// ```swift
  /// let policy = try Policy(json: document)
  /// try policy.validate(for: Inventory.self)
  /// ```
  ///
  /// - Parameters:
  ///   - service: what is called with this policy. What it inherits is known with it.
  ///   - others: more of them.
  public func validate(
    for service: any DeclaredService.Type, _ others: any DeclaredService.Type...
  ) throws(PolicyError) {
    try validate()
    try KnownMethods([service] + others).checkAll(methods.keys)
  }
}

extension ServerPolicy {
  /// Throws when a value is out of its range, or when a method is named that none of the services has; the error names it,
  /// and the one that may have been meant. A ``ThriftServer`` does the same when it is made.
  ///
  /// - Parameters:
  ///   - service: what the server hosts.
  ///   - others: more of them.
  public func validate(
    for service: any DeclaredService.Type, _ others: any DeclaredService.Type...
  ) throws(PolicyError) {
    try validate()
    try KnownMethods([service] + others).checkAll(methods.keys)
  }
}
