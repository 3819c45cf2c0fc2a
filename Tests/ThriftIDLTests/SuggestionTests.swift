import Testing
import ThriftIDL

@Suite("Did you mean")
struct SuggestionTests {
  private let files = [
    "shared.thrift": "struct Address { 1: i32 n } enum Color { RED, BLUE } service Base {} const i32 MAX = 1"
  ]

  @Test(
    "a name that is close to one that is there is named in the message",
    arguments: [
      ("struct S { 1: Uesr a } struct User {}", "1:15: unknown type 'Uesr'; did you mean 'User'?"),
      ("struct S { 1: user a } struct User {}", "1:15: unknown type 'user'; did you mean 'User'?"),
      ("struct S { 1: strng a }", "1:15: unknown type 'strng'; did you mean 'string'?"),
      ("struct S { 1: int a }", "1:15: unknown type 'int'; did you mean 'i32'?"),
      ("struct S { 1: String a }", "1:15: unknown type 'String'; did you mean 'string'?"),
      ("struct S { 1: i23 a }", "1:15: unknown type 'i23'; did you mean 'i32'?"),
      ("struct S { 1: List a }", "1:15: unknown type 'List'; did you mean 'list<…>'?"),
      (
        "include 'shared.thrift'|struct S { 1: Address a }",
        "2:15: unknown type 'Address'; did you mean 'shared.Address'?"
      ),
      (
        "include 'shared.thrift'|struct S { 1: shared.Adress a }",
        "2:15: unknown type 'shared.Adress'; did you mean 'shared.Address'?"
      ),
      (
        "include 'shared.thrift'|struct S { 1: shard.Address a }",
        "2:15: unknown type 'shard.Address': no file 'shard.thrift' is included; did you mean 'shared.Address'?"
      ),
      (
        "service Base {} service S extends Bse {}",
        "1:35: unknown service 'Bse'; did you mean 'Base'?"
      ),
      (
        "include 'shared.thrift'|service S extends Base {}",
        "2:19: unknown service 'Base'; did you mean 'shared.Base'?"
      ),
      (
        "enum E { FIRST, SECOND }|const E C = E.FRIST",
        "2:13: enum 'E' has no value 'FRIST'; did you mean 'E.FIRST'?"
      ),
      (
        "enum Mood { SAD }|const i32 C = Mod.SAD",
        "2:15: unknown const or enum value 'Mod.SAD'; did you mean 'Mood.SAD'?"
      ),
      (
        "enum Mood { SAD }|const Mood C = Mod.SDA",
        "2:16: unknown const or enum value 'Mod.SDA'; did you mean 'Mood.SAD'?"
      ),
      (
        "const i32 MAXIMUM = 1|const i32 C = MAXIMVM",
        "2:15: unknown const or enum value 'MAXIMVM'; did you mean 'MAXIMUM'?"
      ),
      (
        "include 'shared.thrift'|const i32 C = MAX",
        "2:15: unknown const or enum value 'MAX'; did you mean 'shared.MAX'?"
      ),
      (
        "struct S { 1: i32 count }|const S C = {'cuont': 1}",
        "2:14: struct 'S' has no field 'cuont'; did you mean 'count'?"
      ),
    ])
  func close(text: String, message: String) {
    #expect(errors(lines(text), with: files) == [message])
  }

  @Test(
    "a name that is close to nothing gets no suggestion",
    arguments: [
      ("struct S { 1: Unknown a } struct User {}", "1:15: unknown type 'Unknown'"),
      ("struct S { 1: X a } struct Y {}", "1:15: unknown type 'X'"),
      ("struct S { 1: Ab a } struct Xb {}", "1:15: unknown type 'Ab'"),
      ("service S extends Uesr {} struct User {}", "1:19: unknown service 'Uesr'"),
      ("enum E { A }|const E C = E.Q", "2:13: enum 'E' has no value 'Q'"),
    ])
  func far(text: String, message: String) {
    #expect(errors(lines(text)) == [message])
  }

  @Test("of several that are as close, the first by name is taken, so that a message never changes by itself")
  func several() {
    let text = "struct Usera {} struct Userb {} struct S { 1: Userx a }"
    #expect(errors(text) == ["1:47: unknown type 'Userx'; did you mean 'Usera'?"])
  }

  @Test("among very many names and errors, the first get suggestions")
  func many() {
    let names = (0..<20_000).map { "struct Name\($0) {}" }.joined(separator: "\n")
    let uses = (0..<100).map { "\(1 + $0): Nmae\($0) f\($0)" }.joined(separator: ", ")
    let found = errors(names + "\nstruct S { \(uses) }")
    #expect(found.count == 100)
    #expect(found[0].hasSuffix("unknown type 'Nmae0'; did you mean 'Name0'?"))
    #expect(found[98].hasSuffix("unknown type 'Nmae98'"))
  }

  @Test("a name of more than a hundred letters gets no suggestion")
  func long() {
    let long = String(repeating: "a", count: 101)
    #expect(errors("struct \(long) {} struct S { 1: \(long)b a }") == ["1:127: unknown type '\(long.prefix(100))…'"])
  }
}
