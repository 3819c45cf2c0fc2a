/// A service that a ``ThriftServer`` hosts: its name and its methods, each bound to a handler.
///
/// Generated code makes it: `UserStorage.service(handler)`.
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
  /// The method's name on the wire.
  public let name: String
  /// Where the handler runs; `nil` is the connection's event loop.
  var executor: (any TaskExecutor)?
  /// Decodes the arguments, runs the handler and writes the reply.
  let invoke: @Sendable (ServerExchange, (any TaskExecutor)?) async -> Void

  /// Binds a method to what it does.
  public init<Arguments, Result>(
    _ method: MethodDescriptor<Arguments, Result>,
    _ body: @escaping @Sendable (Arguments) async throws -> Result.Success
  ) {
    name = method.name
    let isOneway = method.isOneway
    invoke = { exchange, executor in
      guard let arguments = exchange.arguments(as: Arguments.self) else { return }
      let result: Result
      do {
        result = Result(success: try await Self.run(body, arguments, on: executor))
      } catch {
        guard let declared = Result(declared: error), !isOneway else {
          exchange.handlerFailed(error, isOneway: isOneway)
          return
        }
        result = declared
      }
      if !isOneway { exchange.reply(result) }
    }
  }

  private static func run<Arguments: Sendable, Success: Sendable>(
    _ body: @escaping @Sendable (Arguments) async throws -> Success, _ arguments: Arguments,
    on executor: (any TaskExecutor)?
  ) async throws -> Success {
    guard let executor else { return try await body(arguments) }
    return try await withTaskExecutorPreference(executor) { try await body(arguments) }
  }
}
