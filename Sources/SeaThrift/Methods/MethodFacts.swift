/// What is known of a method beside its types: what interceptors go by.
public final class MethodFacts: Sendable {
  /// The service that declares the method, not one that inherits it.
  public let service: String
  /// All methods of the service, as `Service.method`; none when they are not known.
  let methods: [String]
  /// The method's name on the wire.
  public let name: String
  /// Whether a call gets no reply at all.
  public let isOneway: Bool
  /// Whether repeating a call does no harm.
  public let idempotency: MethodIdempotency
  /// The annotations of the method in the IDL; a key given several times keeps every value.
  public let annotations: [String: [String]]
  /// What the annotations say about calling it; nil when they say nothing.
  let declared: DeclaredPolicy?
  /// The service and the method: `Service.method`.
  public let qualifiedName: String

  @usableFromInline
  init(
    service: String, methods: [String], name: String, isOneway: Bool, idempotency: MethodIdempotency,
    annotations: [String: [String]]
  ) {
    self.service = service
    self.methods = methods
    self.name = name
    self.isOneway = isOneway
    self.idempotency = idempotency
    self.annotations = annotations
    declared = DeclaredPolicy(annotations)
    qualifiedName = "\(service).\(name)"
  }
}

extension MethodFacts: CustomStringConvertible {
  /// The service and the method: `Service.method`.
  public var description: String { qualifiedName }
}
