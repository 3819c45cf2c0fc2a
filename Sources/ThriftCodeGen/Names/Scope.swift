/// A place in the generated Swift, and the names around it that hide others.
struct Scope {
  /// The namespace of the file.
  let namespace: [SwiftName]

  /// The names of types declared by the types around this place.
  private(set) var types: Set<String> = []

  /// Other names that an expression at this place would find first.
  private(set) var values: Set<String> = []

  init(namespace: [SwiftName]) {
    self.namespace = namespace
  }

  /// The place inside a type that declares these names, or inside a function with these parameters.
  func inside(types: some Sequence<String> = [], values: some Sequence<String> = []) -> Scope {
    var scope = self
    scope.types.formUnion(types)
    scope.values.formUnion(values)
    return scope
  }

  /// Whether a name that stands for a type does not mean the file's own, or the module's, here.
  func hidesType(_ name: SwiftName) -> Bool {
    types.contains(name.text)
  }

  /// Whether a name in an expression does not mean the file's own, or the module's, here.
  func hidesValue(_ name: SwiftName) -> Bool {
    types.contains(name.text) || values.contains(name.text) || ReservedNames.isLocal(name.text)
  }
}
