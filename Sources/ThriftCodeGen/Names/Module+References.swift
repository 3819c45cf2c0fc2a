import ThriftIDL

extension Module {
  /// A type or service, spelled so that it is found where a type is expected.
  func typeReference(_ id: DefinitionID, in scope: Scope) -> String {
    reference(id, in: scope) { scope.hidesType($0) } ?? aliasedReference(id)
  }

  /// A service, spelled so that it is found in an expression.
  func expressionReference(_ id: DefinitionID, in scope: Scope) -> String {
    reference(id, in: scope) { scope.hidesValue($0) } ?? aliasedReference(id)
  }

  /// A const, spelled so that it is found in an expression; `nil` where nearer names hide it.
  func constantReference(_ id: DefinitionID, in scope: Scope) -> String? {
    reference(id, in: scope) { scope.hidesValue($0) }
  }

  /// Whether an expression cannot name the type because of values that are called as it is.
  func isHiddenInExpressions(_ id: DefinitionID, in scope: Scope) -> Bool {
    reference(id, in: scope) { scope.hidesType($0) } != reference(id, in: scope) { scope.hidesValue($0) }
  }

  /// A protocol of the runtime that an enum or a protocol inherits.
  ///
  /// There Swift 6.3.1 overlooks the module selector, and finds a type of the IDL that is called as the protocol is: the
  /// runtime has a second name for such cases.
  func inherited(_ name: String, in scope: Scope) -> String {
    let isHidden = names.declares(scope.namespace, name) || names.declares([], name)
    return isHidden ? "`SeaThrift.\(name)`" : "SeaThrift::\(name)"
  }

  /// The name of a definition of the same namespace, else its path from the module; `nil` where both are hidden.
  private func reference(_ id: DefinitionID, in scope: Scope, isHidden: (SwiftName) -> Bool) -> String? {
    let namespace = names.namespace(of: program[id].document)
    let name = names.name(of: id)
    if namespace == scope.namespace, !isHidden(name) { return name.identifier }
    guard let root = namespace.first ?? (scope.namespace.isEmpty ? nil : name) else { return nil }
    // From inside a namespace, its own declarations come before the module's.
    if isHidden(root) || !scope.namespace.isEmpty && names.declares(scope.namespace, root.text) { return nil }
    return (namespace + [name]).map(\.identifier).joined(separator: ".")
  }

  private func aliasedReference(_ id: DefinitionID) -> String {
    var path = names.namespace(of: program[id].document) + [names.name(of: id)]
    path[0] = alias(for: path[0])
    return path.map(\.identifier).joined(separator: ".")
  }
}
