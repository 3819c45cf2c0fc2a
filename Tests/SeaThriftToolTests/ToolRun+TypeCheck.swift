import Foundation

extension ToolRun {
  /// What the Swift compiler says about all Swift files in a folder, as one module in the Swift 6 language mode, warnings
  /// being errors; nothing when all is well.
  func typeCheck(_ directory: String, module: String = "Generated", _ flags: [String] = []) throws -> String {
    let (status, text) = try compile(directory, module: module, flags)
    if status == 0 { return "" }
    return text.split(separator: "\n").filter { $0.contains("error:") }.prefix(20).joined(separator: "\n")
      + text.prefix(500)
  }

  /// The errors that the Swift compiler finds in all Swift files in a folder, by the names of the files.
  func errors(in directory: String) throws -> [String: [String]] {
    var errors: [String: [String]] = [:]
    for match in try compile(directory).text.matches(of: /([^\/\n]+\.swift):\d+:\d+: error: (.*)/) {
      errors[String(match.1), default: []].append(String(match.2))
    }
    return errors
  }

  private func compile(
    _ directory: String, module: String = "Generated", _ flags: [String] = []
  ) throws -> (status: Int32, text: String) {
    let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let shim = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/CSeaThriftSystem/include").standardizedFileURL
    let sources = files.filter { $0.hasPrefix(directory + "/") && $0.hasSuffix(".swift") }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      [
        "swiftc", "-typecheck", "-whole-module-optimization", "-swift-version", "6", "-warnings-as-errors",
        "-parse-as-library", "-module-name", module, "-I", products.appending(path: "Modules").path,
        "-Xcc", "-I", "-Xcc", shim.path,
      ] + flags + sources
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }
}
