import SeaThriftTime

extension ByteStream {
  /// Closes the stream so that the other side can read all that was written to it.
  ///
  /// A socket that is closed with something unread is reset, and a reset destroys what the other side has not read yet. So
  /// the sending ends, what still comes is read and thrown away, and the socket is closed when the other side has ended
  /// too, when nothing has come for a second, or after 5 s or 64 MiB (as HTTP servers do: RFC 9112, 9.6).
  package func closeAfterPeer(isolation: isolated (any Actor)? = #isolation) async {
    defer { close() }
    guard !hasFailed, !isClosed else { return }
    finishWriting()
    let end = loop.now.advanced(by: .seconds(5))
    var left = 64 << 20
    while left > 0 {
      switch discardSome(&left) {
      case .over: return
      case .more: await loop.yieldTurn()
      case .nothing:
        let limit = min(end, loop.now.advanced(by: .seconds(1)))
        let isLate = await race(until: limit, waking: self, on: loop) {
          _ = isolation
          await withUnsafeContinuation { resumeWhenReadable($0) }
        }
        if isLate { return }
      }
      if loop.now >= end { return }
    }
  }

  private enum Discarded { case nothing, more, over }

  /// Reads and forgets, no more than one turn's worth.
  private func discardSome(_ left: inout Int) -> Discarded {
    withUnsafeTemporaryAllocation(byteCount: 64 * 1024, alignment: 1) { buffer in
      for _ in 0..<16 {
        do throws(SocketError) {
          guard let count = try read(into: buffer) else { return .nothing }
          if count == 0 { return .over }
          left -= count
        } catch {
          return .over
        }
      }
      return .more
    }
  }
}
