import Foundation
import Resilience
import SeaThrift
import Testing

/// The page Resilience says whose fault each error is; the code that decides it has one place.
@Suite("The table of faults")
struct FaultTableTests {
  private struct Row: Hashable {
    let code: String
    let breaker: String
    let balancer: String
    let isRetried: String
    let budget: String
  }

  private static func rows() throws -> [Row] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Documentation/Resilience.md")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasPrefix("| code |") })
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      return Row(code: cells[1], breaker: cells[3], balancer: cells[4], isRetried: cells[5], budget: cells[6])
    }
  }

  private static func row(_ code: String, _ error: RPCError) -> Row {
    let meaning = ErrorMeaning(of: error)
    return Row(
      code: code, breaker: text(meaning.breaker), balancer: text(meaning.balancer),
      isRetried: meaning.isRetried ? "yes" : "no",
      budget: meaning.isRetried ? meaning.isLocal ? "not asked" : "asked" : "")
  }

  private static func text(_ verdict: Verdict) -> String {
    switch verdict {
    case .success: "success"
    case .failure: "failure"
    case .ignorable: "nothing"
    }
  }

  @Test("has a row for every code, and says of it what the code does")
  func codes() throws {
    let rows = try Self.rows().filter { $0.code.hasPrefix("`") && $0.code.hasSuffix("`") && !$0.code.contains(" ") }
    let codes = RPCError.Code.all
    #expect(rows.map(\.code) == codes.map { "`\($0)`" }, "in the order of the code")
    for (row, code) in zip(rows, codes) {
      #expect(row == Self.row(row.code, RPCError(code, "")))
      let classification = ErrorClassification()
      let verdict = Self.text(classification.verdict(on: RPCError(code, "")))
      #expect(verdict == row.breaker)
      #expect(classification.isRetryable(RPCError(code, "")) == (row.isRetried == "yes"))
    }
  }

  @Test("has a row for each error whose circumstances say more than its code")
  func circumstances() throws {
    let rows = try Self.rows().filter { $0.code.contains(" ") }
    let exceptions = [ApplicationException.Kind.unknownMethod, .unsupportedClientType].map { kind in
      Self.row(
        "`applicationException` of kind `\(kind)`",
        RPCError(.applicationException, "", cause: ApplicationException(kind, "")))
    }
    let unsent = Self.row("`protocolError` before anything was sent", RPCError(.protocolError, "", isUnsent: true))
    #expect(rows.filter { !$0.code.contains("HTTP") } == [unsent] + exceptions)
    // What statuses of HTTP are is tested with servers that answer them.
    #expect(rows.filter { $0.code.contains("HTTP") }.map(\.breaker) == ["nothing", "nothing"])
  }
}
