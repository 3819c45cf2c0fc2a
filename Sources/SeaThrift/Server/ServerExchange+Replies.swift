import Resilience
import SeaThriftWire

extension ServerExchange {
  /// The name of the method in replies.
  @usableFromInline var replyName: String { method?.replyName ?? "" }

  /// Ends a call of a method that returned.
  @inlinable
  func succeeded<Result: ThriftResult>(_ result: Result) {
    do throws(CodecError) {
      try write(result, as: .reply, replyName)
    } catch {
      resultIsUnwritable(error)
    }
  }

  /// Ends a call of a method that threw an exception which it declares.
  @inlinable
  func threw<Result: ThriftResult>(_ declared: Result, _ error: any Error) {
    end(with: .declaredException, error)
    succeeded(declared)
  }

  /// Ends a call that failed in a way that its method does not declare, and of which the client must see no more than that.
  @usableFromInline
  func failed(_ error: any Error) {
    let exception: ApplicationException
    if let refusal = error as? CallRefusal {
      events.tell { $0.callRefused(method?.name ?? "", peer: peer, refusal: refusal) }
      end(with: .refused, error)
      exception = ApplicationException(refusal.kind.exceptionKind, refusal.message)
    } else if let unreadable = error as? UnreadableArguments {
      end(with: .unreadableArguments, unreadable.cause)
      exception = ApplicationException(.protocolError, unreadable.cause.message)
    } else {
      // A cancelled handler has not failed: its client is gone, or the server stops.
      if !Task.isCancelled { tellFailed(error) }
      let own = error as? ApplicationException
      end(with: Task.isCancelled ? .cancelled : own == nil ? .handlerFailed : .applicationException, error)
      exception = own ?? ApplicationException(.internalError, "internal error")
    }
    if method?.isOneway == true { return }
    if reader.request.framing.carriesHeaders { explain(error) }
    answer(exception, replyName)
  }

  /// Says in headers of the reply what the exception of an error does not.
  private func explain(_ error: any Error) {
    if let advice = (error as? any RetryAdvising)?.retryAdvice {
      try? context.setReplyHeader(CallInformation.pushBack, advice.headerValue)
    }
    if let code = (error as? CallRefusal)?.kind.errorCode {
      try? context.setReplyHeader(CallInformation.errorCode, code.description)
    }
  }

  @usableFromInline
  func resultIsUnwritable(_ error: CodecError) {
    tellFailed(error)
    end(with: .unwritableResult, error)
    // That a required field is missing has one code, whoever misses it; what else is wrong is not the client's to know.
    let isMissingField = error.code == .missingRequiredField
    answer(
      isMissingField
        ? ApplicationException(.protocolError, error.message)
        : ApplicationException(.internalError, "the result cannot be sent"), replyName)
  }

  private func tellFailed(_ error: any Error) {
    events.report { $0.handlerFailed(method?.name ?? "", peer: peer, error: error) }
  }

  /// Notes how the call ends, for those who are told.
  @usableFromInline
  func end(with kind: ServerCallOutcome.Kind, _ error: any Error) {
    if events.isObserved { outcome = ServerCallOutcome(kind, error) }
  }

  /// Writes an exception that is no method's own.
  func answer(_ exception: ApplicationException, _ name: String) {
    do throws(CodecError) {
      try write(exception, as: .exception, name)
    } catch {
      // Only where a name or a message does not fit the limits; a shorter answer is still an answer.
      try? write(ApplicationException(exception.kind), as: .exception, name)
    }
  }

  @inlinable
  func write<Value: ThriftStruct>(_ value: Value, as type: MessageType, _ name: String) throws(CodecError) {
    try writer.append(value, as: type, named: name, to: reader.request, replyHead(), into: &buffers.output)
    wrote()
  }

  @usableFromInline
  func wrote() { state.replied() }

  /// What goes around a reply.
  @usableFromInline
  func replyHead() -> FrameHead {
    let isLast = state.replies(isInputEmpty: buffers.input.isEmpty)
    guard reader.request.framing.carriesHeaders else { return FrameHead() }
    var head = reader.head.ofReply
    head.headers = context.replyHeaders
    if isLast { head.keepsAlive = false }
    return head
  }
}
