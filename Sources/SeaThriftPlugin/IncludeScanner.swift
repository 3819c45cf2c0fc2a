import Foundation

/// Finds `include "…"` lines, so that SwiftPM knows which files a build depends on and which ones come out of it.
///
/// It knows just enough of the language not to be misled by comments and strings; the compiler does the rest, and
/// reports what is wrong.
enum IncludeScanner {
  /// The files and all that they include, each once, sorted by path.
  ///
  /// - Parameters:
  ///   - files: where to start.
  ///   - includeDirectories: where included files are looked for after the folder of the including file, in this order.
  static func filesReachable(from files: [URL], includeDirectories: [URL]) -> [URL] {
    var found: [String: URL] = [:]
    var pending = files
    while let file = pending.popLast() {
      let file = file.resolvingSymlinksInPath().standardizedFileURL
      guard found.updateValue(file, forKey: file.path) == nil else { continue }
      guard let contents = try? Data(contentsOf: file) else { continue }
      for path in includes(in: Array(contents)) {
        let candidates = ([file.deletingLastPathComponent()] + includeDirectories)
          .map { path.hasPrefix("/") ? URL(filePath: path) : $0.appending(path: path) }
        if let included = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) }) {
          pending.append(included)
        }
      }
    }
    return found.values.sorted { $0.path < $1.path }
  }

  /// The paths in the include lines of a file.
  static func includes(in bytes: [UInt8]) -> [String] {
    var paths: [String] = []
    var lastWord = ""
    var rest = bytes[...]
    while let byte = rest.first {
      switch byte {
      case UInt8(ascii: "#"):
        rest = rest.drop { $0 != UInt8(ascii: "\n") }
      case UInt8(ascii: "/") where rest.dropFirst().first == UInt8(ascii: "/"):
        rest = rest.drop { $0 != UInt8(ascii: "\n") }
      case UInt8(ascii: "/") where rest.dropFirst().first == UInt8(ascii: "*"):
        rest = afterBlockComment(rest.dropFirst(2))
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        let text = rest.dropFirst().prefix { $0 != byte && $0 != UInt8(ascii: "\n") }
        if lastWord == "include" { paths.append(String(decoding: text, as: UTF8.self)) }
        lastWord = ""
        rest = rest[text.endIndex...].dropFirst()
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
        rest = rest.dropFirst()
      default:
        let word = rest.prefix(while: isWordByte)
        lastWord = String(decoding: word, as: UTF8.self)
        rest = rest.dropFirst(max(1, word.count))
      }
    }
    return paths
  }

  private static func afterBlockComment(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes
    while !rest.isEmpty, !rest.starts(with: Array("*/".utf8)) { rest = rest.dropFirst() }
    return rest.dropFirst(2)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."): true
    default: false
    }
  }
}
