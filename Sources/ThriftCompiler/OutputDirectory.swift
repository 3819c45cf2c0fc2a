/// The folder into which generated files go.
struct OutputDirectory {
  let path: String

  /// Writes files, each of them at once (readers see the old or the new one) and only if its contents change, so that
  /// build systems do not compile what has stayed the same.
  ///
  /// When one of them cannot be written, none has been replaced.
  func write(_ files: [(name: String, contents: [UInt8])]) throws(FileError) {
    try FileSystem.createDirectory(path)
    let changed = try changed(files)
    var temporary: [String] = []
    do throws(FileError) {
      for file in changed {
        // The process id keeps two runs for the same folder apart.
        let name = join("." + file.name + ".\(FileSystem.processID).tmp")
        temporary.append(name)
        try FileSystem.write(file.contents, to: name)
      }
    } catch {
      temporary.forEach(FileSystem.remove)
      throw error
    }
    for (name, file) in zip(temporary, changed) { try FileSystem.rename(name, to: join(file.name)) }
  }

  private func changed(
    _ files: [(name: String, contents: [UInt8])]
  ) throws(FileError) -> [(name: String, contents: [UInt8])] {
    var changed: [(name: String, contents: [UInt8])] = []
    for file in files where try FileSystem.read(join(file.name)) != file.contents { changed.append(file) }
    return changed
  }

  private func join(_ name: String) -> String {
    path.hasSuffix("/") ? path + name : path + "/" + name
  }
}
