import Foundation

/// What the `seathrift.json` beside a target's `.thrift` files says.
struct PluginOptions: Equatable {
  static let fileName = "seathrift.json"

  /// The access level of what is generated; the tool's own default when it is `nil`.
  var access: String?
  /// The folders in which included files are looked for, after that of the including file.
  var includePaths: [URL] = []
  /// Whether fields that are neither required nor optional become optionals.
  var optionalDefaults = false

  /// Reads a file.
  ///
  /// - Throws: ``PluginOptionsError`` when it is not there, is no JSON, or says something that has no meaning.
  init(contentsOf file: URL) throws(PluginOptionsError) {
    do {
      let contents = try Data(contentsOf: file)
      // The decoder accepts and refuses the same texts, but does not say where one goes wrong.
      _ = try JSONSerialization.jsonObject(with: contents, options: .fragmentsAllowed)
      let decoder = JSONDecoder()
      decoder.userInfo[.folder] = file.deletingLastPathComponent()
      self = try decoder.decode(Self.self, from: contents)
    } catch let error as PluginOptionsError {
      throw PluginOptionsError("\(file.path): \(error)")
    } catch let error as CocoaError where error.code == .propertyListReadCorrupt {
      let detail = error.userInfo["NSDebugDescription"] as? String
      throw PluginOptionsError("\(file.path): not JSON" + (detail.map { ": \($0)" } ?? ""))
    } catch {
      throw PluginOptionsError("\(file.path) cannot be read: \(error.localizedDescription)")
    }
  }

  init() {}

  /// The arguments of the tool that say the same.
  var arguments: [String] {
    (access.map { ["--access", $0] } ?? []) + (optionalDefaults ? ["--optional-defaults"] : [])
      + includePaths.flatMap { ["-I", $0.path] }
  }
}

/// A `seathrift.json` that cannot be used.
struct PluginOptionsError: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension PluginOptions: Decodable {
  private enum Key: String, CaseIterable {
    case access, includePaths, optionalDefaults
  }

  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
    init(_ key: Key) { stringValue = key.rawValue }
  }

  private static let accessLevels = ["public", "package", "internal"]

  init(from decoder: any Decoder) throws {
    guard let fields = try? decoder.container(keyedBy: AnyKey.self) else {
      throw PluginOptionsError("an object should be here, such as {\"access\": \"internal\"}")
    }
    for key in fields.allKeys.map(\.stringValue).sorted() where Key(rawValue: key) == nil {
      let known = Key.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
      throw PluginOptionsError("unknown key \"\(key)\"; there are \(known)")
    }
    if fields.contains(AnyKey(.access)) {
      guard let level = try? fields.decode(String.self, forKey: AnyKey(.access)), Self.accessLevels.contains(level)
      else {
        throw PluginOptionsError("\"access\" must be \"public\", \"package\" or \"internal\"")
      }
      access = level
    }
    if fields.contains(AnyKey(.optionalDefaults)) {
      guard let flag = try? fields.decode(Bool.self, forKey: AnyKey(.optionalDefaults)) else {
        throw PluginOptionsError("\"optionalDefaults\" must be true or false")
      }
      optionalDefaults = flag
    }
    if fields.contains(AnyKey(.includePaths)) {
      guard let paths = try? fields.decode([String].self, forKey: AnyKey(.includePaths)) else {
        throw PluginOptionsError("\"includePaths\" must be a list of folders, such as [\"../Shared\"]")
      }
      includePaths = try paths.map { try Self.folder($0, beside: decoder.userInfo[.folder] as? URL) }
    }
  }

  private static func folder(_ path: String, beside file: URL?) throws -> URL {
    let folder = URL(filePath: path, directoryHint: .isDirectory, relativeTo: file).standardizedFileURL
    var isDirectory: ObjCBool = false
    guard !path.isEmpty, FileManager.default.fileExists(atPath: folder.path, isDirectory: &isDirectory),
      isDirectory.boolValue
    else { throw PluginOptionsError("\"includePaths\" names \"\(path)\", and there is no folder \(folder.path)") }
    return folder
  }
}

extension CodingUserInfoKey {
  /// The folder that paths in the file start from.
  fileprivate static var folder: Self {
    // Never nil on any platform; the initializer is failable for history's sake.
    Self(rawValue: "folder")!
  }
}
