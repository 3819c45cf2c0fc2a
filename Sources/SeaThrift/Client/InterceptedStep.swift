public import SeaThriftWire

/// What an interceptor of a client stands around: a call, an attempt or the making of a connection.
public struct InterceptedStep: Sendable {
  /// The method, as its IDL declares it: its names, its annotations. `nil` for a connection.
  public let method: MethodFacts?
  /// The endpoint; `nil` for a call of a group.
  public let endpoint: EndpointAddress?
  /// Which attempt of its call it is, from 1; a hedge counts too. An endpoint that was passed over, for an open circuit for
  /// instance, does not, so that the next attempt may have the same number. `nil` for a call and for a connection.
  public let attempt: Int?
  private let values: (any CallValues)?
  private let ownHeaders: [String: String]?

  /// The making of a connection.
  init(connectingTo endpoint: EndpointAddress) {
    self.endpoint = endpoint
    method = nil
    attempt = nil
    values = nil
    ownHeaders = [:]
  }

  /// A call.
  init<Arguments, Result>(
    _ method: MethodDescriptor<Arguments, Result>, _ arguments: Arguments, at endpoint: EndpointAddress? = nil
  ) {
    self.endpoint = endpoint
    self.method = method.facts
    attempt = nil
    values = CalledValues<Arguments, Result>(called: arguments)
    ownHeaders = nil
  }

  /// An attempt of a call.
  init(_ call: ClientCall, at endpoint: EndpointAddress) {
    self.endpoint = endpoint
    method = call.method
    attempt = max(call.progress.begun, 1)
    values = call.values
    ownHeaders = call.headers
  }

  /// The key-value headers that go with the request, as far as they are set when it is asked: around a call those of the task,
  /// which `withRequestHeaders` around `next` adds to. Empty for a connection. `withReplyHeaders` around `next` gets those of
  /// the reply.
  public var headers: [String: String] { ownHeaders ?? CallOptions.current?.headers ?? [:] }

  /// The arguments, a struct with a field for each; `nil` for a connection.
  public var arguments: (any ThriftStruct)? { try? values?.arguments }

  /// The arguments of a call of `method`; `nil` for another method or a connection.
  public func arguments<Called: ThriftMethod>(of method: Called) -> Called.Arguments? {
    isOf(method) ? arguments as? Called.Arguments : nil
  }

  /// What `next` returned as the struct that travels, whose only field is the result; no field for a method that returns
  /// nothing. `nil` for a connection, and for an attempt that brought no result.
  public func result<Value>(_ value: Value) -> (any ThriftStruct)? { values?.resultStruct(of: value) }

  /// What `next` returned for a call, or an attempt of a call, of `method`; `nil` for another method or a connection.
  public func result<Value, Called: ThriftMethod>(_ value: Value, of method: Called) -> Called.Result.Success? {
    guard isOf(method) else { return nil }
    return value as? Called.Result.Success ?? (try? (result(value) as? Called.Result)?.get())
  }

  private func isOf(_ method: some ThriftMethod) -> Bool { self.method?.qualifiedName == method.qualifiedName }
}

/// The arguments of a call that is not made yet.
private struct CalledValues<Arguments: ThriftStruct, Result: ThriftResult>: CallValues {
  let called: Arguments

  var arguments: any ThriftStruct { called }

  func resultStruct(of value: Any) -> (any ThriftStruct)? { Result.wrapping(value) }
}
