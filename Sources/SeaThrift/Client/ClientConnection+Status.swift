import Resilience
import SeaThriftWire

// Responses of HTTP that are no success.
extension ClientConnection {
  /// Steps over a response of HTTP that is no success; the error of its call.
  func taken(_ failure: HTTPFailure, _ end: Int) -> RPCError {
    answeredID = sequenceID
    // It may be the answer to an earlier call that was not expected to get one.
    isOutOfStep = !cutter.head.keepsAlive || owedAnswers > 0
    takeResponse()
    ReplyHeaders.current?.set(cutter.head.headers)
    giveBack(end)
    var error = RPCError(failure)
    if let advice = RetryAdvice(replyHeaders: cutter.head.headers) { error.retryAdvice = advice }
    return error
  }

  /// What a response of HTTP that broke off said of the call, when that was no success.
  func unfinishedStatus(_ error: RPCError) -> RPCError? {
    guard error.code == .readTimeout || error.code == .connectionLost else { return nil }
    return cutter.unfinishedFailure(in: input).map { RPCError($0) }
  }

  /// What an endpoint that ended the connection in the middle of a request has said before; nil for nothing.
  func earlyReply(_ error: RPCError) throws(RPCError) -> Reply? {
    guard error.isOfBrokenConnection else { return nil }
    let reply: Reply?
    do throws(RPCError) {
      reply = try nextReply()
    } catch {
      isOutOfStep = true
      if error.cause is HTTPStatusError { throw error }
      if let status = unfinishedStatus(error) { throw status }
      return nil
    }
    isOutOfStep = true
    return reply
  }

  /// A response to a call came: earlier calls will get none.
  func takeResponse() {
    owedAnswers = 0
    onewayAnswers.responded(server: cutter.head.headers["server"])
  }
}
