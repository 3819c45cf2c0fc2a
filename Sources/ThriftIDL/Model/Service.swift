/// `service NAME extends PARENT { … }`.
package struct Service: Sendable {
  /// The service that it extends, perhaps in another file; see ``Program/ancestors(of:)``.
  package let parent: DefinitionID?

  /// Its own functions in source order, without inherited ones.
  package let functions: [Function]
}

/// A function of a service.
package struct Function: Sendable {
  /// The name as written.
  package let name: String

  /// Whether the client gets no answer. Such a function returns `void` and throws nothing.
  package let isOneway: Bool

  /// The result, which may be ``TypeUse/Shape/void``.
  package let returnType: TypeUse

  /// The arguments in source order.
  package let arguments: [Field]

  /// The declared exceptions in source order. Each one's type is an exception, perhaps under the name of a typedef.
  package let exceptions: [Field]

  /// The documentation comment before it.
  package let documentation: String?

  /// The annotations after it.
  package let annotations: [Annotation]

  /// Where the name stands.
  package let location: SourceLocation
}
