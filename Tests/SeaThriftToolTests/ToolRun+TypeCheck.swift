import Foundation

extension ToolRun {
  /// What the Swift compiler says about all Swift files in a folder, as one module in the Swift 6 language mode, warnings
  /// being errors; nothing when all is well.
  func typeCheck(_ directory: String, module: String = "Generated", _ flags: [String] = []) throws -> String {
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
    if process.terminationStatus == 0 { return "" }
    return text.split(separator: "\n").filter { $0.contains("error:") }.prefix(20).joined(separator: "\n")
      + text.prefix(500)
  }
}
