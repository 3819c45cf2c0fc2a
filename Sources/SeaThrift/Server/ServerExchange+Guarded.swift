import Resilience
import SeaThriftWire

extension ServerExchange {
  /// Whether the call under way has nothing around its handler.
  @usableFromInline var isBareCall: Bool { reader.isFormFixed && method?.guards == nil }

  /// Whether somebody around the handler may look at the arguments.
  @usableFromInline var isIntercepted: Bool { method?.guards?.hasInterceptors == true }

  // Inlinable, so that decoding is specialised for the method's types.
  /// Takes the arguments out of the input, once for each call.
  @inlinable
  func decodeArguments<Arguments: ThriftStruct>() throws(UnreadableArguments) -> Arguments {
    defer { skipRequest() }
    do throws(CodecError) {
      return try reader.request.format.decode(
        Arguments.self, from: reader.request.arguments, in: buffers.input.lend(), limits: reader.limits)
    } catch {
      throw UnreadableArguments(cause: error)
    }
  }

  /// Runs the handler of the call under way inside of what the server has around it.
  ///
  /// The arguments are decoded inside too: what is refused costs no more than its envelope.
  @inlinable
  func runGuarded<Arguments: ThriftStruct, Result: ThriftResult>(
    as type: Result.Type, _ executor: (any TaskExecutor)?, _ body: @Sendable (Arguments) async throws -> Result.Success
  ) async throws -> Result.Success {
    let isDeclared: @Sendable (any Error) -> Bool = { Result(declared: $0) != nil }
    guard isIntercepted else {
      return try await withContext(nil, isDeclared) {
        try await ServiceMethod.run(try decodeArguments(), on: executor, body)
      }
    }
    let arguments = ServedArguments<Arguments, Result> { () throws(UnreadableArguments) in try self.decodeArguments() }
    defer { arguments.callEnded() }
    return try await withContext(arguments, isDeclared) {
      try await ServiceMethod.run(try arguments.get(), on: executor, body)
    }
  }

  /// Runs `body` with the headers of the request as its task's, inside of the guards.
  ///
  /// - Parameters:
  ///   - values: what interceptors may look at.
  ///   - isDeclared: whether an error is one that the method declares.
  @usableFromInline
  func withContext<Value>(
    _ values: (any CallValues)?, _ isDeclared: @escaping @Sendable (any Error) -> Bool,
    _ body: () async throws -> Value
  ) async throws -> Value {
    if reader.isFormFixed { return try await insideGuards(values, isDeclared, body) }
    return try await CallContext.$current.withValue(context) {
      guard let information else { return try await insideGuards(values, isDeclared, body) }
      return try await Retry.$isSuppressed.withValue(information.isRetry) {
        try await Deadline.$current.withValue(callDeadline) { try await insideGuards(values, isDeclared, body) }
      }
    }
  }

  private func insideGuards<Value>(
    _ values: (any CallValues)?, _ isDeclared: @escaping @Sendable (any Error) -> Bool,
    _ body: () async throws -> Value
  ) async throws -> Value {
    guard let guards = method?.guards else { return try await body() }
    return try await guards.run(context, values, judging: { Self.verdict(on: $0, isDeclared) }) {
      // An interceptor may have left the loop.
      try await onLoop(body)
    }
  }

  /// What the end of a handler says about how much the server can take.
  private static func verdict(on error: any Error, _ isDeclared: (any Error) -> Bool) -> Verdict {
    if error is CancellationError || error is CallRefusal || Task.isCancelled { return .ignorable }
    return error is ApplicationException || error is UnreadableArguments || isDeclared(error) ? .success : .failure
  }
}

/// The arguments of a request cannot be read: the client's fault, of which the log hears nothing.
@usableFromInline
struct UnreadableArguments: Error {
  let cause: CodecError

  @usableFromInline
  init(cause: CodecError) { self.cause = cause }
}
