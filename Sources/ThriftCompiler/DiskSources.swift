internal import ThriftIDL

/// The `.thrift` files on disk.
struct DiskSources: SourceLoader {
  func load(_ path: String) throws(SourceLoadingError) -> LoadedSource? {
    do throws(FileError) {
      guard let bytes = try FileSystem.read(path) else { return nil }
      return LoadedSource(identity: FileSystem.canonicalPath(path) ?? path, bytes: bytes)
    } catch {
      throw SourceLoadingError(reason: error.reason)
    }
  }
}
