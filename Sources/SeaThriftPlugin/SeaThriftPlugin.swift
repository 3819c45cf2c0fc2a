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
    let outputs = try outputs(for: inputs, in: context.pluginWorkDirectoryURL)
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

  /// One Swift file per `.thrift` file, named like it. Two that are named alike would overwrite each other.
  private func outputs(for inputs: [URL], in directory: URL) throws -> [URL] {
    var sources: [String: URL] = [:]
    for input in inputs {
      let name = input.deletingPathExtension().lastPathComponent
      if let other = sources.updateValue(input, forKey: name) {
        Diagnostics.error("both '\(other.path)' and '\(input.path)' would become '\(name).swift'")
        throw PluginError.filesOfOneName
      }
    }
    return sources.keys.sorted().map { directory.appending(path: "\($0).swift") }
  }
}

/// Why there is nothing that could be built. The diagnostics say more.
enum PluginError: Error {
  case filesOfOneName
}
