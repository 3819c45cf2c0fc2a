/// The contents of one `.thrift` file, which knows where its lines begin.
package struct SourceText: Sendable {
  /// The path that diagnostics name.
  package let path: String

  /// The contents. A byte order mark at the start is part of them.
  package let bytes: [UInt8]

  /// The offsets at which lines begin; the first is 0.
  private let lineStarts: [Int]

  /// The number of Unicode scalars before each multiple of ``checkpointDistance``, so that a column far to the right
  /// of an endless line costs no walk along it.
  private let scalarsAtCheckpoints: [Int]

  private static let checkpointDistance = 4096

  /// - Parameters:
  ///   - path: the path that diagnostics name.
  ///   - bytes: the contents, supposed to be UTF-8; other bytes are shown as U+FFFD.
  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    var starts = [0]
    var checkpoints: [Int] = []
    var scalars = 0
    bytes.withUnsafeBufferPointer { bytes in
      for offset in bytes.indices {
        if offset % SourceText.checkpointDistance == 0 { checkpoints.append(scalars) }
        let byte = bytes[offset]
        if byte & 0xC0 != 0x80 { scalars += 1 }
        if byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
      }
    }
    checkpoints.append(scalars)
    self.lineStarts = starts
    self.scalarsAtCheckpoints = checkpoints
  }

  /// The line and column of a byte; offsets beyond the end are the end.
  ///
  /// Columns count characters as a reader sees them; beyond 4 KiB in one line they count Unicode scalars.
  package func position(at offset: Int) -> SourcePosition {
    let offset = min(max(offset, 0), bytes.count)
    let line = lineIndex(at: offset)
    let start = lineStarts[line]
    let characters =
      offset - start <= SourceText.checkpointDistance
      ? text(from: start, to: offset).count
      : scalars(before: offset) - scalars(before: start)
    return SourcePosition(line: line + 1, column: characters + 1)
  }

  /// The line that holds a byte, in two parts: what stands before the byte and the rest, each without end-of-line
  /// characters and cut to what lies within `reach` bytes of the byte.
  package func line(at offset: Int, reach: Int = 1024) -> (before: String, rest: String) {
    let offset = min(max(offset, 0), bytes.count)
    let line = lineIndex(at: offset)
    let start = lineStarts[line]
    var end = line + 1 < lineStarts.count ? lineStarts[line + 1] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    let place = min(offset, end)
    let from = min(place, max(start, scalarBoundary(atOrAfter: place - reach)))
    let to = min(end, scalarBoundary(atOrAfter: place + reach))
    return (text(from: from, to: place), text(from: place, to: to))
  }

  /// A stretch of the file without a byte order mark, which is no character of the user's.
  package func text(from start: Int, to end: Int) -> String {
    let start = start == 0 && bytes.starts(with: byteOrderMark) ? min(byteOrderMark.count, end) : start
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// The last line that begins at or before the offset, by bisection.
  private func lineIndex(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private func scalars(before offset: Int) -> Int {
    let checkpoint = offset / SourceText.checkpointDistance
    let tail = bytes[(checkpoint * SourceText.checkpointDistance)..<offset]
    return scalarsAtCheckpoints[checkpoint] + tail.count { $0 & 0xC0 != 0x80 }
  }

  private func scalarBoundary(atOrAfter offset: Int) -> Int {
    var offset = max(offset, 0)
    while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
    return min(offset, bytes.count)
  }
}

/// U+FEFF in UTF-8, which some editors put at the start of a file.
let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
