import Foundation
import PackagePlugin

/// Makes Swift of the `.thrift` files of a target, and of those that they include, whenever one of them changes.
@main
struct SeaThriftPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    guard let module = target.sourceModule else { return [] }
    let files = module.sourceFiles.map(\.url).filter { $0.pathExtension == "thrift" }.sorted { $0.path < $1.path }
    if files.isEmpty {
      Diagnostics.warning("target '\(target.name)' has no .thrift file for SeaThriftPlugin")
      return []
    }
    let configuration = try optionsFile(beside: files, in: module.directoryURL)
    let options = try configuration.map { try PluginOptions(contentsOf: $0) } ?? PluginOptions()
    let directories = [module.directoryURL] + options.includePaths
    let inputs = IncludeScanner.filesReachable(from: files, includeDirectories: directories)
    let outputs = outputNames(for: inputs).map { context.pluginWorkDirectoryURL.appending(path: $0) }
    return [
      .buildCommand(
        displayName: "Generating Swift from the .thrift files of \(target.name)",
        executable: try context.tool(named: "SeaThriftGenerator").url,
        arguments: ["-I", module.directoryURL.path] + options.arguments
          + ["--out", context.pluginWorkDirectoryURL.path, "--suffix", Self.suffix, "--"] + files.map(\.path),
        inputFiles: inputs + (configuration.map { [$0] } ?? []),
        outputFiles: outputs)
    ]
  }

  /// Not `.swift` alone: a module cannot have two files of one name, and the target may well have a `Users.swift` beside
  /// its `Users.thrift`.
  private static let suffix = ".thrift.swift"

  /// The target's one `seathrift.json`, beside a `.thrift` file or in a folder around it.
  private func optionsFile(beside files: [URL], in directory: URL) throws -> URL? {
    var found: Set<URL> = []
    let target = directory.standardizedFileURL.pathComponents
    for file in files {
      var folder = file.standardizedFileURL.deletingLastPathComponent()
      while folder.pathComponents.starts(with: target) {
        let candidate = folder.appending(path: PluginOptions.fileName)
        if FileManager.default.fileExists(atPath: candidate.path) { found.insert(candidate) }
        if folder.pathComponents == target { break }
        folder = folder.deletingLastPathComponent()
      }
    }
    let paths = found.map(\.path).sorted()
    guard paths.count < 2 else {
      throw PluginOptionsError(
        "\(paths[0]) and \(paths[1]): the .thrift files of a target are generated together, by one seathrift.json")
    }
    return found.first
  }

  /// One Swift file per `.thrift` file, named like it. Of several with one base name, the first one by path keeps it, and
  /// the others have a number, as `main` always has: the compiler goes by the same rule.
  private func outputNames(for inputs: [URL]) -> [String] {
    let names = inputs.map { $0.deletingPathExtension().lastPathComponent }
    var taken: Set<String> = ["main"]
    let isFirst = names.map { taken.insert($0.lowercased()).inserted }
    return zip(names, isFirst).map { name, isFirst in
      var unique = name
      var number = 2
      while !isFirst, !taken.insert(unique.lowercased()).inserted {
        unique = "\(name)-\(number)"
        number += 1
      }
      return unique + Self.suffix
    }
  }
}
