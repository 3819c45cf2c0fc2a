internal import Glibc

/// The standard output and error of the process.
package enum Terminal {
  package static func write(_ text: String) {
    _ = FileSystem.writeAll(Array(text.utf8), to: STDOUT_FILENO)
  }

  package static func writeError(_ text: String) {
    _ = FileSystem.writeAll(Array(text.utf8), to: STDERR_FILENO)
  }
}
