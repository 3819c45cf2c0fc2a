import Testing
import ThriftIDL

@Suite("Annotations about calls")
struct AnnotationTests {
  private static let flag = "allowed is \"true\", \"false\", \"1\", \"0\", or no value"
  private static let time = "allowed is a time above 0 such as \"200ms\", in one of the units d h m s ms us ns"

  @Test("an error names file, line and column")
  func place() {
    let text = """
      service S {
        void f() (
          timeout = "soon")
      }
      """
    #expect(
      compile(text).diagnostics.map(\.description) == [
        """
        test.thrift:3:5: error: annotation 'timeout' is "soon"; \(Self.time)
            timeout = "soon")
            ^
        """
      ])
  }

  @Test(
    "a timeout is a time above 0",
    arguments: ["soon", "", "200", "200 ms", "0ms", "-1s", "1.s", "1e3ms", "99999999999999999999d", "1s "])
  func timeout(text: String) {
    #expect(
      errors("service S { void f() (timeout = \"\(text)\") }") == [
        "1:23: annotation 'timeout' is \"\(text)\"; \(Self.time)"
      ]
    )
  }

  @Test("a timeout without a value is none")
  func bareTimeout() {
    #expect(errors("service S { void f() (timeout) }") == ["1:23: annotation 'timeout' is \"1\"; \(Self.time)"])
  }

  @Test("what is true or false of a function is nothing else", arguments: ["idempotent", "readonly", "cpp.idempotent"])
  func functionFlags(key: String) {
    #expect(
      errors("service S { void f() (\(key) = \"maybe\") }") == ["1:23: annotation '\(key)' is \"maybe\"; \(Self.flag)"])
    for value in ["", " = \"true\"", " = \"false\"", " = \"1\"", " = \"0\"", " = \"\""] {
      #expect(errors("service S { void f() (\(key)\(value)) }") == [])
    }
  }

  @Test(
    "what is true or false of an exception is nothing else", arguments: ["retryable", "transient", "breaker", "safe"])
  func exceptionFlags(key: String) {
    #expect(errors("exception X {} (\(key) = \"2\")") == ["1:17: annotation '\(key)' is \"2\"; \(Self.flag)"])
    #expect(errors("exception X {} (\(key))") == [])
  }

  @Test("all that is wrong is told at once, in included files too")
  func several() {
    let files = ["o.thrift": "service O { void f() (idempotent = \"si\") }"]
    #expect(
      errors("include 'o.thrift'\nservice S extends o.O { void g() (readonly = \"no\", timeout = \"1\") }", with: files)
        == [
          "2:35: annotation 'readonly' is \"no\"; \(Self.flag)", "2:52: annotation 'timeout' is \"1\"; \(Self.time)",
          "o.thrift:1:23: annotation 'idempotent' is \"si\"; \(Self.flag)",
        ])
  }

  @Test("annotations that say nothing about calls may hold anything, and so may these elsewhere")
  func others() {
    #expect(errors("service S { void f() (priority = \"maybe\", my.timeout = \"soon\") }") == [])
    #expect(errors("struct T { 1: i32 a (timeout = \"soon\") } (safe = \"quite\", idempotent = \"maybe\")") == [])
  }
}
