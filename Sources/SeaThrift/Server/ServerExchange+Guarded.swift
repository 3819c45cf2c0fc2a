import Resilience
import SeaThriftWire

extension ServerExchange {
  /// Whether the handler of the call under way has nothing around it.
  @usableFromInline var isBareCall: Bool { information == nil && guards == nil }

  // Inlinable, so that decoding is specialised for the method's types.
  /// Serves a run of calls of one method, each inside of what the server has around it.
  @inlinable
  func serveGuarded<Arguments: ThriftStruct, Result: ThriftResult>(
    as type: Result.Type, isOneway: Bool, _ executor: (any TaskExecutor)?,
    _ body: @Sendable (Arguments) async throws -> Result.Success
  ) async {
    repeat {
      hasUnreadableArguments = false
      do {
        let success: Result.Success
        if isBareCall {
          success = try await ServiceMethod.run(try decodeArguments(), on: executor, body)
        } else {
          // Decoded inside of the guards: what is refused costs no more than its envelope.
          var decoded: Arguments?
          success = try await guarded {
            Result(declared: $0) != nil
          } body: {
            let arguments = try decoded ?? decodeArguments()
            decoded = arguments
            return try await ServiceMethod.run(arguments, on: executor, body)
          }
        }
        if !isOneway { reply(Result(success: success)) }
      } catch {
        skipRequest()
        if let declared = Result(declared: error), !isOneway {
          reply(declared)
        } else {
          handlerFailed(error, isOneway: isOneway)
        }
      }
    } while continues()
  }

  @inlinable
  func decodeArguments<Arguments: ThriftStruct>() throws(ApplicationException) -> Arguments {
    do throws(CodecError) {
      let arguments = try format.decode(
        Arguments.self, from: argumentBytes, in: buffers.input.lend(), limits: limits)
      skipRequest()
      return arguments
    } catch {
      hasUnreadableArguments = true
      throw ApplicationException(.protocolError, error.message)
    }
  }

  /// Runs `body` inside of the guards of the method, with what the headers of the request say as its task's.
  @usableFromInline
  func guarded<Value>(
    isAnswer: @escaping @Sendable (any Error) -> Bool, body: () async throws -> Value
  ) async throws -> Value {
    guard let information else { return try await inside(isAnswer, body) }
    return try await Retry.$isSuppressed.withValue(information.isRetry) {
      try await Deadline.$current.withValue(callDeadline) { try await inside(isAnswer, body) }
    }
  }

  private func inside<Value>(
    _ isAnswer: @escaping @Sendable (any Error) -> Bool, _ body: () async throws -> Value
  ) async throws -> Value {
    guard let guards else { return try await body() }
    return try await guards.run(context, isOneway: isOneway, judging: { Self.verdict(on: $0, isAnswer) }, body)
  }

  /// What the end of a handler says about how much the server can take.
  private static func verdict(on error: any Error, _ isAnswer: (any Error) -> Bool) -> Verdict {
    if error is CancellationError || error is CallRefusal || Task.isCancelled { return .ignorable }
    return error is ApplicationException || isAnswer(error) ? .success : .failure
  }
}
