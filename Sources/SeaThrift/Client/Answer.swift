import SeaThriftWire

/// What an endpoint answered, when it answered at all.
enum Answer: Sendable {
  /// The method's result, which the call has taken.
  case success
  /// An exception that the method declares.
  case declared(any Error)
  /// The call failed otherwise.
  case refused(RefusedCall)

  /// Whether the method itself answered.
  var isOfMethod: Bool { if case .refused = self { false } else { true } }

  /// Whether both sides agree on where the next message begins.
  ///
  /// A server that could not read a request may have stopped in the middle of it, so after such a refusal the
  /// connection is not used again.
  var leavesConnectionInStep: Bool {
    guard case .refused(let answer) = self else { return true }
    return answer.errorCode != nil
      || [.internalError, .unknownMethod, .loadShedding].contains(answer.exception.kind)
  }
}

/// An endpoint's word that a call failed.
struct RefusedCall: Sendable {
  let exception: ApplicationException
  /// What a header of the reply says beside it, where it is one of the codes that travel so.
  let errorCode: RPCError.Code?

  /// - Parameter headers: those of the reply.
  init(_ exception: ApplicationException, headers: [String: String]) {
    self.exception = exception
    errorCode = headers[CallInformation.errorCode].flatMap { name in
      CallRefusal.Kind.named.first { $0.errorCode?.description == name }?.errorCode
    }
  }

  var code: RPCError.Code {
    if let errorCode { return errorCode }
    switch exception.kind {
    case .loadShedding: return .overloaded
    case .protocolError: return .protocolError
    default: return .applicationException
    }
  }
}
