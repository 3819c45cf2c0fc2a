import Testing
import ThriftIDL

@Suite("Paths")
struct FilePathTests {
  @Test(
    "the folder of a file", arguments: [("a/b/c.thrift", "a/b"), ("/c.thrift", "/"), ("c.thrift", ""), ("/a/c", "/a")])
  func directory(path: String, directory: String) {
    #expect(FilePath.directory(of: path) == directory)
  }

  @Test(
    "the base name", arguments: [("x/a.b.thrift", "a.b"), ("a.thrift", "a"), ("x.y/a", "a"), (".thrift", ".thrift")])
  func stem(path: String, stem: String) {
    #expect(FilePath.stem(of: path) == stem)
  }

  @Test(
    "a path as seen from a folder",
    arguments: [("a", "b", "a/b"), ("", "b", "b"), ("a/", "b", "a/b"), ("a", "/b", "/b")])
  func join(directory: String, path: String, joined: String) {
    #expect(FilePath.join(directory, path) == joined)
  }

  @Test(
    "dots are resolved",
    arguments: [("a/./b//c", "a/b/c"), ("a/../b", "b"), ("../a", "../a"), ("/../a", "/a"), ("a/b/../../../c", "../c")])
  func normalized(path: String, normalized: String) {
    #expect(FilePath.normalized(path) == normalized)
  }
}
