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

  /// What the endpoint answered before it had taken all of a request and ended the connection.
  func earlyStatus(_ error: RPCError) -> RPCError? {
    guard configuration.framing.isHTTP, error.code == .connectionLost, !error.isUnsent else { return nil }
    do throws(RPCError) {
      _ = try nextReply()
      return nil
    } catch {
      isOutOfStep = true
      return error.cause is HTTPStatusError ? error : unfinishedStatus(error)
    }
  }

  /// A response to a call came: earlier calls will get none.
  func takeResponse() {
    owedAnswers = 0
    onewayAnswers.responded(server: cutter.head.headers["server"])
  }
}
