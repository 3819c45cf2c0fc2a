import SeaThriftTime
import SeaThriftWire

/// One call on a server's connection, from its request's arguments to its reply. Reused from call to call.
@usableFromInline
final class ServerExchange: @unchecked Sendable {
  // @unchecked: confined to its connection's task; handlers never see it.

  @usableFromInline let format: ThriftFormat
  @usableFromInline let framing: Framing
  @usableFromInline let limits: WireLimits
  private let log: FailureLog
  private let peer: EndpointAddress

  /// The envelope of the request.
  @usableFromInline private(set) var header = MessageHeader(name: "", type: .call, sequenceID: 0)
  /// The method's name without the service's, which is what replies on multiplexed connections carry.
  @usableFromInline var replyName = ""
  /// The buffers of the connection, while a call is under way.
  @usableFromInline var buffers: ConnectionBuffers
  /// Where the arguments lie in the input.
  @usableFromInline private(set) var argumentBytes = 0..<0
  /// How much of the input the request takes.
  private var requestEnd = 0

  init(
    format: ThriftFormat, framing: Framing, limits: WireLimits, log: FailureLog, peer: EndpointAddress,
    buffers: ConnectionBuffers
  ) {
    self.format = format
    self.framing = framing
    self.limits = limits
    self.log = log
    self.peer = peer
    self.buffers = buffers
  }

  /// Begins a call: reads the envelope of the message at `payload` of the input.
  func begin(payload: Range<Int>, end: Int) throws(CodecError) {
    let bytes = UnsafeRawBufferPointer(rebasing: buffers.input.readableBytes[payload])
    let envelope = try format.readEnvelope(bytes, limits: limits)
    header = envelope.header
    replyName = header.name
    argumentBytes = (payload.lowerBound + envelope.bodyOffset)..<payload.upperBound
    requestEnd = end
  }

  /// Steps over a request that is not going to be read.
  @usableFromInline
  func skipRequest() {
    buffers.input.consume(requestEnd)
    requestEnd = 0
  }

  /// Reads the arguments; answers a protocol error, and returns `nil`, when they cannot be read.
  @inlinable
  func arguments<Arguments: ThriftStruct>(as type: Arguments.Type) -> Arguments? {
    do throws(CodecError) {
      let bytes = UnsafeRawBufferPointer(rebasing: buffers.input.readableBytes[argumentBytes])
      let arguments = try format.decode(type, from: bytes, limits: limits)
      skipRequest()
      return arguments
    } catch {
      argumentsAreUnreadable(error)
      return nil
    }
  }

  @usableFromInline
  func argumentsAreUnreadable(_ error: CodecError) {
    skipRequest()
    if header.type != .oneway { fail(ApplicationException(.protocolError, error.message)) }
  }

  /// Writes the reply of a method that returned, or threw an exception that it declares.
  @inlinable
  func reply<Result: ThriftResult>(_ result: Result) {
    do throws(CodecError) {
      try write(result, as: .reply)
    } catch {
      resultCannotBeSent(error)
    }
  }

  @usableFromInline
  func resultCannotBeSent(_ error: CodecError) {
    log.handlerFailed(header.name, peer: peer, error: error)
    fail(ApplicationException(.internalError, "the result cannot be sent"))
  }

  /// Answers that the call failed in a way that its method does not declare.
  func fail(_ exception: ApplicationException) {
    do throws(CodecError) {
      try write(exception, as: .exception)
    } catch {
      // Only a method name that no longer fits the limits gets here; a shorter answer is still an answer.
      try? write(ApplicationException(exception.kind), as: .exception)
    }
  }

  /// Answers for a handler that threw an undeclared error, which the client must not see.
  @usableFromInline
  func handlerFailed(_ error: any Error, isOneway: Bool) {
    // A cancelled handler has not failed: its client is gone, or the server stops.
    if !Task.isCancelled { log.handlerFailed(header.name, peer: peer, error: error) }
    if isOneway { return }
    if let exception = error as? ApplicationException {
      fail(exception)
    } else {
      fail(ApplicationException(.internalError, "internal error"))
    }
  }

  @inlinable
  func write<Value: ThriftStruct>(_ value: Value, as type: MessageType) throws(CodecError) {
    var output = WireBuffer()
    swap(&output, &buffers.output)
    let start = output.count
    do throws(CodecError) {
      try output.appendMessage(
        replyName, type, header.sequenceID, value, format: format, framing: framing, limits: limits)
      swap(&output, &buffers.output)
    } catch {
      output.truncate(to: start)
      swap(&output, &buffers.output)
      throw error
    }
  }
}
