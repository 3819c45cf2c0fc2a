import Foundation

/// Another implementation of Thrift, as a server and a client of the herbarium.
enum Peer: String, CaseIterable, Sendable {
  case python
  case cpp

  /// Where everything is that `Peers/prepare` made for the peer.
  var directory: URL { Self.workshop.appending(path: rawValue) }

  /// The program and its first arguments.
  func command(_ role: Role) -> [String] {
    switch self {
    case .python: [directory.appending(path: "python").path, directory.appending(path: "\(role).py").path]
    case .cpp: [directory.appending(path: "\(role)").path]
    }
  }

  /// One of the peer's two programs.
  enum Role { case server, client }

  /// What only some versions have.
  enum Feature: String { case uuid, accelerator }

  private static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let workshop = package.appending(path: ".build/peers")

  /// Generates and builds what is not there yet, and looks for what not every version of the peer's library has.
  ///
  /// - Throws: ``PeerUnavailable`` when something is not installed.
  func prepare(with features: [Feature] = []) async throws {
    let command = [Self.package.appending(path: "Peers/prepare").path, rawValue, Self.workshop.path]
    let (status, output) = try await PeerProcess.run(command, within: .seconds(600))
    if status == PeerUnavailable.status {
      throw PeerUnavailable(reason: output.split(whereSeparator: \.isNewline).last.map(String.init) ?? "")
    }
    if status != 0 { throw PeerFailure("prepare \(rawValue)", status, output) }
    for feature in features {
      guard !FileManager.default.fileExists(atPath: directory.appending(path: "has-\(feature)").path) else { continue }
      throw PeerUnavailable(reason: "this version of thrift has no \(feature): pip install thrift==0.25.0")
    }
  }
}

/// A peer that is not installed.
struct PeerUnavailable: Error, CustomStringConvertible {
  /// The exit status of `prepare` that says so.
  static let status: Int32 = 69

  let reason: String

  var description: String { reason }
}

/// A peer that ended otherwise than it should have.
struct PeerFailure: Error, CustomStringConvertible {
  let description: String

  init(_ what: String, _ status: Int32, _ output: String) {
    description = "\(what) ended with status \(status):\n\(output)"
  }

  init(_ what: String) { description = what }
}
