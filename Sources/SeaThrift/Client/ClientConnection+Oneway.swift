import SeaThriftSockets
import SeaThriftTime

// Oneway calls over HTTP: whoever makes one does not wait for its answer, whoever uses the connection next does. Why is in
// Documentation/Decisions/oneway-over-http.md.
extension ClientConnection {
  /// How long an answer is waited for at most, counted from when its call was sent.
  private static let mostPatience = Duration.seconds(1)

  /// Whether the answer to a oneway call has to be waited for before the connection is used.
  var awaitsAnswer: Bool { owedAnswers > 0 && onewayAnswers.expectation(at: stream.loop.now) != .silence }

  /// A oneway call was sent. Where nobody can say what comes of that, the connection is left.
  func owesAnswer() {
    owedAnswers += 1
    owedSince = stream.loop.now
    isOutOfStep = onewayAnswers.expectation(at: owedSince) == .unclear
  }

  /// Waits for the answers to oneway calls. When they do not come in time, or the endpoint ends the connection with them,
  /// the connection cannot be used.
  ///
  /// - Parameters:
  ///   - limit: when the call that wants the connection has to be over.
  ///   - timer: that of the race that the attempt is in.
  func takeAnswers(_ timeout: Duration?, until limit: Instant, with timer: RaceTimer?) async {
    let now = stream.loop.now
    // What is left of the call's time is shared with the call itself, which may do without this connection.
    let share = limit == .distantFuture ? limit : now.advanced(by: now.duration(to: limit) / 2)
    let end = min(owedSince.advanced(by: min(timeout ?? Self.mostPatience, Self.mostPatience)), share)
    await stream.read(until: max(end, now), with: timer) { takesAnswers() }
    if owedAnswers > 0, !isOutOfStep {
      isOutOfStep = true
      if stream.loop.now >= end { onewayAnswers.stayedSilent(at: stream.loop.now) }
    }
  }

  /// Takes the answers that are there; true when nothing more is waited for.
  private func takesAnswers() -> Bool {
    do throws(RPCError) {
      while owedAnswers > 0 {
        guard let message = try nextMessage() else {
          guard cutter.isLastMessage else { return false }
          // A body that only the end of the connection ends is of no interest.
          answered()
          isOutOfStep = true
          return true
        }
        input.consumeMessage(message.end)
        owedAnswers -= 1
        answered()
        if !cutter.head.keepsAlive {
          isOutOfStep = true
          return true
        }
      }
    } catch {
      isOutOfStep = error.code != .readTimeout
    }
    return true
  }

  private func answered() {
    onewayAnswers.answered()
    onewayAnswers.responded(server: cutter.head.headers["server"])
  }
}
