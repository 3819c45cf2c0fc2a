internal import Glibc

/// Something that the operating system refused.
struct FileError: Error, CustomStringConvertible {
  let path: String
  /// What the operating system says, or another phrase.
  let reason: String

  init(_ path: String, reason: String = String(cString: strerror(errno))) {
    self.path = path
    self.reason = reason
  }

  var description: String { "\(path): \(reason)" }
}

/// Files, by way of the C library: the tool has no need of Foundation.
enum FileSystem {
  /// The id of this process.
  static var processID: Int32 { getpid() }

  /// The contents of a file, or `nil` when there is none.
  static func read(_ path: String) throws(FileError) -> [UInt8]? {
    // Without O_NONBLOCK a named pipe would keep us waiting for somebody who writes.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw FileError(path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileError(path, reason: "not a regular file") }
    var contents = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while true {
      // One byte more than is expected shows that the file has grown meanwhile.
      if filled == contents.count { contents.append(contentsOf: repeatElement(0, count: max(1, filled / 8))) }
      let count = contents.withUnsafeMutableBytes { contents in
        let free = UnsafeMutableRawBufferPointer(rebasing: contents[filled...])
        return Glibc.read(descriptor, free.baseAddress, free.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileError(path) }
      if count == 0 { break }
      filled += count
    }
    contents.removeSubrange(filled...)
    return contents
  }

  /// Writes a new file, or over an old one.
  static func write(_ contents: [UInt8], to path: String) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(path) }
    var isOpen = true
    defer { if isOpen { close(descriptor) } }
    guard writeAll(contents, to: descriptor) else { throw FileError(path) }
    isOpen = false
    guard close(descriptor) == 0 else { throw FileError(path) }
  }

  /// Writes to a descriptor; `errno` says why not when it fails.
  static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno != EINTR { return false }
        rest = rest.dropFirst(max(0, count))
      }
      return true
    }
  }

  static func rename(_ path: String, to target: String) throws(FileError) {
    guard Glibc.rename(path, target) == 0 else { throw FileError(target) }
  }

  /// Removes a file, if it is there and can be removed.
  static func remove(_ path: String) {
    unlink(path)
  }

  /// Creates a folder and the folders around it; those that exist are left alone.
  static func createDirectory(_ path: String) throws(FileError) {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw FileError(path, reason: "not a folder") }
      return
    }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try createDirectory(String(path[..<slash])) }
    if mkdir(path, 0o777) != 0, errno != EEXIST { throw FileError(path) }
  }

  /// The path without symbolic links, `.` and `..`.
  static func canonicalPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
