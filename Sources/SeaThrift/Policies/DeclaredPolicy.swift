import Resilience
public import SeaThriftWire

/// What the annotations of a method in the IDL say about calling it: the lowest layer of its policy.
struct DeclaredPolicy: Hashable, Sendable {
  /// `timeout = "200ms"`: how long a call may take in all.
  let deadline: Duration

  /// Nil when the annotations say nothing that can be understood.
  init?(_ annotations: [String: [String]]) {
    guard let text = annotations["timeout"]?.last, let deadline = DurationText.parse(text), deadline > .zero else {
      return nil
    }
    self.deadline = min(deadline, PolicyCheck.longest)
  }
}

/// What the annotations of an exception in the IDL say about the call that it ended.
public struct ExceptionTraits: Hashable, Sendable {
  /// `retryable`, or fbthrift's `transient`: another attempt may succeed.
  public let isRetryable: Bool
  /// `breaker`: it counts as a failure of the endpoint.
  public let isFailure: Bool
  /// fbthrift's `safe`: the call was certainly not executed, so that repeating it is harmless.
  public let isSafe: Bool

  /// Creates traits; generated code does it.
  public init(isRetryable: Bool = false, isFailure: Bool = false, isSafe: Bool = false) {
    self.isRetryable = isRetryable
    self.isFailure = isFailure
    self.isSafe = isSafe
  }
}

/// An exception of which the IDL says what it means to policies.
public protocol ClassifiedException: ThriftException {
  /// What the annotations say.
  static var traits: ExceptionTraits { get }
}
