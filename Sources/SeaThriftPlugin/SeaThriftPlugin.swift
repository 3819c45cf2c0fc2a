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
    let directory = module.directoryURL
    let inputs = IncludeScanner.filesReachable(from: files, includeDirectory: directory)
    let outputs = outputNames(for: inputs).map { context.pluginWorkDirectoryURL.appending(path: $0) }
    return [
      .buildCommand(
        displayName: "Generating Swift from the .thrift files of \(target.name)",
        executable: try context.tool(named: "SeaThriftTool").url,
        arguments: ["generate", "-I", directory.path, "--out", context.pluginWorkDirectoryURL.path, "--"]
          + files.map(\.path),
        inputFiles: inputs,
        outputFiles: outputs)
    ]
  }

  /// One Swift file per `.thrift` file, named like it. Of several with one base name, the first one by path keeps it, and
  /// the others have a number: the compiler goes by the same rule.
  private func outputNames(for inputs: [URL]) -> [String] {
    let names = inputs.map { $0.deletingPathExtension().lastPathComponent }
    var taken: Set<String> = []
    let isFirst = names.map { taken.insert($0.lowercased()).inserted }
    return zip(names, isFirst).map { name, isFirst in
      var unique = name
      var number = 2
      while !isFirst, !taken.insert(unique.lowercased()).inserted {
        unique = "\(name)-\(number)"
        number += 1
      }
      return unique + ".swift"
    }
  }
}
