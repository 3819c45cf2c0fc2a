/// What implements the methods of a service; each service has a protocol of its own that inherits this one.
///
/// Calls of several connections run at the same time, so a handler is safe to be used from many tasks.
public protocol ThriftHandler: Sendable {}

/// A service that a ``ThriftServer`` hosts: its name and its methods, each bound to a handler.
///
/// Generated code makes it: `UserStorage.service(handler)`. One with some of the methods only is made by hand; a call of
/// another method is answered with an ``ApplicationException`` of the kind `unknownMethod`.
public struct ThriftService: Sendable {
  /// The service's name in the IDL, which prefixes its methods on multiplexed connections.
  public var name: String
  /// The methods, inherited ones included.
  public var methods: [ServiceMethod]

  /// Binds `methods` to a service name.
  public init(_ name: String, _ methods: [ServiceMethod]) {
    self.name = name
    self.methods = methods
  }

  /// The same service with its handlers moved off the connection's event loop, for handlers that compute or block.
  ///
  /// - Parameter executor: where the handlers run, for instance `globalConcurrentExecutor`.
  public func handlers(on executor: any TaskExecutor) -> Self {
    var copy = self
    for index in copy.methods.indices { copy.methods[index].executor = executor }
    return copy
  }
}

/// One method of a ``ThriftService``, bound to its handler.
public struct ServiceMethod: Sendable {
  let facts: MethodFacts
  /// Where the handler runs; `nil` is the connection's event loop.
  var executor: (any TaskExecutor)?
  /// Decodes the arguments, runs the handler and writes the reply; for this call and all of the method that follow it
  /// at once, as coming back to the connection between them would cost more than a small handler does.
  let invoke: Invocation

  @usableFromInline
  typealias Invocation = @Sendable (ServerExchange, (any TaskExecutor)?) async -> Void

  /// The method's name on the wire.
  public var name: String { facts.name }

  @usableFromInline
  init(_ facts: MethodFacts, invoke: @escaping Invocation) {
    self.facts = facts
    self.invoke = invoke
  }

  // Inlinable, so that all of it is specialised for the method's types in the module that declares them.
  /// Binds a method to what it does.
  @inlinable
  public init<Arguments, Result>(
    _ method: MethodDescriptor<Arguments, Result>,
    _ body: nonisolated(nonsending) @escaping @Sendable (Arguments) async throws -> Result.Success
  ) {
    let isOneway = method.isOneway
    self.init(method.facts) { exchange, executor in
      repeat {
        do {
          let success: Result.Success
          if !exchange.isBareCall {
            success = try await exchange.runGuarded(as: Result.self, executor, body)
          } else if let executor {
            let arguments: Arguments = try exchange.decodeArguments()
            success = try await withTaskExecutorPreference(executor) {
              try await Self.leavingTheLoop(arguments, body)
            }
          } else {
            success = try await body(exchange.decodeArguments())
          }
          if !exchange.isOnLoop { await exchange.returnToLoop() }
          if !isOneway { exchange.succeeded(Result(success: consume success)) }
        } catch {
          if !exchange.isOnLoop { await exchange.returnToLoop() }
          exchange.skipRequest()
          if !isOneway, let declared = Result(declared: error) {
            exchange.threw(declared, error)
          } else {
            exchange.failed(error)
          }
        }
      } while exchange.continues()
    }
  }

  /// Binds a method that the IDL calls idempotent to what it does.
  @inlinable
  public init<Arguments, Result>(
    _ method: IdempotentMethod<Arguments, Result>,
    _ body: nonisolated(nonsending) @escaping @Sendable (Arguments) async throws -> Result.Success
  ) {
    self.init(method.descriptor, body)
  }

  /// Calls `body` at its place.
  @inlinable
  static func run<Arguments: Sendable, Success: Sendable>(
    _ arguments: Arguments, on executor: (any TaskExecutor)?, _ body: @Sendable (Arguments) async throws -> Success
  ) async throws -> Success {
    guard let executor else { return try await body(arguments) }
    return try await withTaskExecutorPreference(executor) { try await leavingTheLoop(arguments, body) }
  }

  /// Calls `body` where the task prefers to run. A preference moves nothing by itself: the code that follows goes on where
  /// it is until something, as this function does, leaves the place it was called from.
  @concurrent @usableFromInline
  static func leavingTheLoop<Arguments: Sendable, Success: Sendable>(
    _ arguments: Arguments, _ body: @Sendable (Arguments) async throws -> Success
  ) async throws -> Success {
    try await body(arguments)
  }
}
