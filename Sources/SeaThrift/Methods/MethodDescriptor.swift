public import SeaThriftWire

/// One method of a service, as its IDL declares it: how it is called on the wire, and what is known about calling it.
public struct MethodDescriptor<Arguments: ThriftStruct, Result: ThriftResult>: Sendable {
  @usableFromInline
  typealias Encode = @Sendable (Arguments, ThriftFormat, WireLimits) throws(CodecError) -> WireBuffer
  @usableFromInline
  typealias Decode =
    @Sendable (UnsafeRawBufferPointer, LargeBlock?, ThriftFormat, WireLimits) throws(CodecError) -> Result

  /// What is known of the method beside its types.
  public let facts: MethodFacts
  let encode: Encode
  let decode: Decode

  /// The service that declares the method.
  public var service: String { facts.service }
  /// The method's name on the wire.
  public var name: String { facts.name }
  /// Whether a call gets no reply at all.
  public var isOneway: Bool { facts.isOneway }
  /// Whether repeating a call does no harm.
  public var idempotency: MethodIdempotency { facts.idempotency }
  /// The annotations of the method in the IDL; a key given several times keeps every value.
  public var annotations: [String: [String]] { facts.annotations }
  /// The service and the method: `Service.method`.
  public var qualifiedName: String { facts.qualifiedName }

  // Inlinable, so that reading and writing are specialised for the method's types in the module that declares them: what
  // makes the call knows none of them.
  /// Describes a method; generated code does it.
  ///
  /// - Parameters:
  ///   - service: the service that declares the method, not one that inherits it.
  ///   - methods: all methods of the service, as ``DeclaredService/methodNames``: what a policy may name. Empty when they
  ///     are not known.
  ///   - name: the method's name on the wire.
  ///   - isOneway: whether a call gets no reply at all.
  ///   - idempotency: whether a call may be repeated when it is not known what became of it.
  ///   - annotations: those of the method in the IDL; a key given several times keeps every value.
  @inlinable
  public init(
    service: String, methods: [String] = [], name: String, isOneway: Bool = false,
    idempotency: MethodIdempotency = .unknown, annotations: [String: [String]] = [:]
  ) {
    self.init(
      MethodFacts(
        service: service, methods: methods, name: name, isOneway: isOneway, idempotency: idempotency,
        annotations: annotations),
      encode: { arguments, format, limits throws(CodecError) in try format.encode(arguments, limits: limits) },
      decode: { bytes, block, format, limits throws(CodecError) in
        try format.decode(Result.self, from: bytes, in: block, limits: limits)
      })
  }

  @usableFromInline
  init(_ facts: MethodFacts, encode: @escaping Encode, decode: @escaping Decode) {
    self.facts = facts
    self.encode = encode
    self.decode = decode
  }
}

/// A method of a service, of whichever kind of description.
public protocol ThriftMethod: Sendable {
  /// Its arguments, as they travel.
  associatedtype Arguments: ThriftStruct
  /// Its answer, as it travels.
  associatedtype Result: ThriftResult
  /// What is known about calling it.
  var descriptor: MethodDescriptor<Arguments, Result> { get }
}

extension ThriftMethod {
  /// The service and the method: `Service.method`, with the service that declares it.
  public var qualifiedName: String { descriptor.facts.qualifiedName }
}

/// A method that the IDL calls idempotent: only such a one can be hedged, cached and shared.
public protocol IdempotentThriftMethod: ThriftMethod {}

extension MethodDescriptor: ThriftMethod {
  /// Itself.
  public var descriptor: Self { self }
}

/// The description of a method that the IDL calls idempotent.
public struct IdempotentMethod<Arguments: ThriftStruct, Result: ThriftResult>: IdempotentThriftMethod {
  /// What is known about calling it.
  public let descriptor: MethodDescriptor<Arguments, Result>

  /// Describes an idempotent method; generated code does it.
  ///
  /// - Parameters:
  ///   - service: the service that declares the method, not one that inherits it.
  ///   - methods: all methods of the service, or none when they are not known.
  ///   - name: the method's name on the wire.
  ///   - isOneway: whether a call gets no reply at all.
  ///   - annotations: those of the method in the IDL; a key given several times keeps every value.
  @inlinable
  public init(
    service: String, methods: [String] = [], name: String, isOneway: Bool = false, annotations: [String: [String]] = [:]
  ) {
    descriptor = MethodDescriptor(
      service: service, methods: methods, name: name, isOneway: isOneway, idempotency: .idempotent,
      annotations: annotations)
  }
}

/// Whether a method may be called again when it is not known what became of a call.
public struct MethodIdempotency: Hashable, Sendable, Codable {
  private enum Kind: String, Codable { case unknown, idempotent, notIdempotent }
  private let kind: Kind

  /// The IDL says nothing: the policy decides.
  public static let unknown = Self(kind: .unknown)
  /// `idempotent = "true"`: calling twice is as good as calling once.
  public static let idempotent = Self(kind: .idempotent)
  /// `idempotent = "false"`: only retried when it is certain that nothing was sent.
  public static let notIdempotent = Self(kind: .notIdempotent)
}
