public import Resilience

/// What replaces the error of a call whose attempts all failed.
///
/// Not asked when the task was cancelled, when the arguments cannot be sent, and when the endpoint answered with an
/// exception that the method declares, unless that counts as a failure. Another group is not called when the method is not
/// idempotent and may have been executed.
public struct Fallback<Success: Sendable>: Sendable {
  enum Kind: Sendable {
    case closure(@Sendable (any Error) async throws -> Success)
    case caller(any ThriftCaller)
  }

  let kind: Kind

  /// A closure that gets the error and yields the result, or throws.
  public init(_ body: nonisolated(nonsending) @escaping @Sendable (any Error) async throws -> Success) {
    kind = .closure(body)
  }

  /// A value.
  public init(value: Success) { kind = .closure { _ in value } }

  /// Another group, or anything that makes calls: it is called with the same arguments.
  public init(to caller: any ThriftCaller) { kind = .caller(caller) }
}

extension Fallback where Success == Never {
  /// Another group for every method that has no fallback of its own.
  public init(to caller: any ThriftCaller) { kind = .caller(caller) }
}

/// What consistent hashing goes by: calls with equal keys go to the same endpoint.
public struct HashKey<Arguments>: Sendable {
  let body: (@Sendable (Arguments) -> String)?
  let header: String?

  /// A key taken from the arguments.
  public init(_ key: @escaping @Sendable (Arguments) -> String) {
    body = key
    header = nil
  }
}

extension HashKey where Arguments == Never {
  /// The value of a key-value header of the call, as ``withRequestHeaders(_:_:)`` sets it.
  public init(header: String) {
    body = nil
    self.header = header
  }
}

extension ShadowBuilder {
  /// Notes calls whose error it would have replaced. It is not asked what with, so its code is never run.
  public static func buildExpression(_ policy: Fallback<some Sendable>) -> [ShadowElement] {
    [ShadowElement("Fallback") { $0.fallback = true }]
  }
}
