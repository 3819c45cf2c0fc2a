/// What a peer speaks: a framing and a protocol.
package struct WireForm: Hashable, Sendable, CustomStringConvertible {
  /// How messages are told apart.
  package var framing: Framing
  /// How they are encoded. Where each message says it itself, that of the message read last.
  package var format: ThriftFormat

  /// Puts both together.
  package init(_ framing: Framing, _ format: ThriftFormat) {
    self.framing = framing
    self.format = format
  }

  /// Both names.
  package var description: String { "\(framing) \(format)" }
}

/// What a server lets its clients speak.
package struct AcceptedForms: Sendable {
  private let framings: Set<Framing>
  private let formats: Set<ThriftFormat>

  /// Everything.
  package static let all = Self(framings: Set(Framing.allCases), formats: Set(ThriftFormat.allCases))

  /// Only these.
  package init(framings: Set<Framing>, formats: Set<ThriftFormat>) {
    self.framings = framings
    self.formats = formats
  }

  func contains(_ framing: Framing) -> Bool { framings.contains(framing) }

  func check(_ framing: Framing) throws(CodecError) {
    guard framings.contains(framing) else { throw .notAccepted("\(framing)", of: framings.map(\.description)) }
  }

  package func check(_ format: ThriftFormat) throws(CodecError) {
    guard formats.contains(format) else { throw .notAccepted("\(format)", of: formats.map(\.description)) }
  }
}

extension CodecError {
  fileprivate static func notAccepted(_ what: String, of accepted: [String]) -> Self {
    let names = accepted.sorted().joined(separator: ", ")
    return Self(.unsupported, "the client speaks \(what); accepted here: \(names)")
  }
}
