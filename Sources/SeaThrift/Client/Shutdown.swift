import SeaThriftSockets
import SeaThriftTime

extension ServiceGroup {
  /// Refuses new calls, lets those that run end, retries included, and then closes the group; see ``close()``. Later calls
  /// fail with the code ``RPCError/Code/closed``.
  ///
  /// - Parameter time: How long calls may go on. Those that run still when it is over, or when the task is cancelled, get no
  ///   further attempt.
  /// - Returns: Whether all calls had ended.
  @discardableResult
  public func shutdown(within time: Duration) async -> Bool {
    let end = loop.now.advanced(by: time)
    // One after the other: each takes no new calls from now on.
    for sibling in siblings { sibling.gate.close {} }
    gate.close {}
    var isDrained = await drained(by: end)
    for sibling in siblings { isDrained = await sibling.drained(by: end) && isDrained }
    await close()
    return isDrained
  }

  private func drained(by end: Instant) async -> Bool {
    var isDrained = await gate.drained(by: end, on: loop)
    // A call that pauses between two attempts is not in, and comes back.
    while isDrained, pausedCalls > 0, await pauseIsOver(by: end) {
      isDrained = await gate.drained(by: end, on: loop)
    }
    return isDrained && pausedCalls == 0
  }

  private func pauseIsOver(by end: Instant) async -> Bool {
    while pausedCalls > 0, loop.now < end {
      do throws(SocketError) {
        try await loop.sleep(until: min(end, loop.now.advanced(by: .milliseconds(5))))
      } catch {
        return false
      }
    }
    return pausedCalls == 0
  }
}

extension Endpoint {
  /// Refuses new calls, lets those that run end, and then closes the endpoint; see ``close()``. Later calls fail with the
  /// code ``RPCError/Code/closed``.
  ///
  /// - Parameter time: How long calls may go on. Those that run still when it is over, or when the task is cancelled, end
  ///   by themselves.
  /// - Returns: Whether all calls had ended.
  @discardableResult
  public func shutdown(within time: Duration) async -> Bool {
    let isDrained = await gate.drained(by: loop.now.advanced(by: time), on: loop)
    close()
    return isDrained
  }
}

extension AdmissionGate {
  /// Lets nobody in any more, and waits until nobody is in. False when that was not so in time, or the task was cancelled.
  fileprivate func drained(
    by end: Instant, on loop: EventLoop, isolation: isolated (any Actor)? = #isolation
  ) async -> Bool {
    let isEmpty = Signal<Void>()
    close { isEmpty.give(()) }
    let ended: Void? = try? await isEmpty.value(until: end, on: loop)
    return ended != nil || placesTaken == 0
  }
}
