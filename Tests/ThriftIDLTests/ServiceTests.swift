import Testing
import ThriftIDL

@Suite("Services")
struct ServiceTests {
  @Test("functions have results, arguments, exceptions and a oneway flag")
  func functions() throws {
    let text = """
      exception X {} exception Y {} typedef Y Z
      service S {
        void ping()
        list<i32> get(1: i32 a = 5, 2: required string b) throws (1: X x, 2: Z z);
        oneway void log(1: string text),
      }
      """
    let program = try program(text)
    let functions = try #require(try program.definition("S").service?.functions)
    #expect(functions.map(\.name) == ["ping", "get", "log"])
    #expect(functions.map { program.text($0.returnType) } == ["void", "list<i32>", "void"])
    #expect(functions.map(\.isOneway) == [false, false, true])
    #expect(functions[1].arguments.map(\.requiredness) == [.default, .required])
    #expect(functions[1].arguments[0].defaultValue.map(program.text) == "5")
    #expect(functions[1].exceptions.map { program.text($0.type) } == ["X", "Z"])
  }

  @Test("'async' is 'oneway', with a warning")
  func async() throws {
    let text = "service S { async void f() }"
    #expect(try program(text).definition("S").service?.functions[0].isOneway == true)
    #expect(warnings(text) == ["1:13: 'async' is the old spelling of 'oneway'"])
  }

  @Test("a service knows its ancestors")
  func ancestors() throws {
    let program = try program(
      "include 'o.thrift'\nservice A extends o.O {}\nservice B extends A {}", with: ["o.thrift": "service O {}"])
    #expect(program.ancestors(of: try program.definition("B").id).map { program[$0].name } == ["A", "O"])
  }

  @Test("a parent must be a service that is defined before")
  func wrongParent() {
    #expect(errors("service S extends No {}") == ["1:19: unknown service 'No'"])
    #expect(errors("struct P {}\nservice S extends P {}") == ["2:19: 'P' is a struct, not a service"])
    #expect(
      errors("service S extends P {}\nservice P {}") == ["1:19: service 'P' must be defined before it is extended"])
    #expect(errors("service S extends S {}") == ["1:19: service 'S' must be defined before it is extended"])
  }

  @Test("a function name is used once, ancestors included")
  func duplicateFunction() {
    #expect(errors("service S { void f(), i32 f() }") == ["1:27: service 'S' already has a function 'f'"])
    let text = "service A { void f() }\nservice B extends A {}\nservice C extends B { void f() }"
    #expect(errors(text) == ["3:28: service 'A' already has a function 'f'"])
  }

  @Test("services that are not related may have functions of one name")
  func unrelated() throws {
    #expect(try program("service A { void f() } service B { void f() }").definitions.count == 2)
  }

  @Test("only exceptions can be thrown")
  func throwsOthers() {
    #expect(
      errors("struct T {}\ntypedef i32 I\nservice S { void f() throws (1: T t, 2: i32 i, 3: I j) }") == [
        "3:33: 'T' is not an exception and cannot be thrown", "3:41: 'i32' is not an exception and cannot be thrown",
        "3:51: 'I' is not an exception and cannot be thrown",
      ])
  }

  @Test("ids and names in a throws list are used once")
  func duplicateExceptions() {
    let types = "exception X {} exception Y {}\n"
    #expect(
      errors(types + "service S { void f() throws (1: X x, 1: Y y) }") == ["2:38: field id 1 is already used by 'x'"])
    #expect(
      errors(types + "service S { void f() throws (1: X x, 2: Y x) }")
        == ["2:43: there is already a declared exception 'x'"])
  }

  @Test("a oneway function returns void and throws nothing")
  func oneway() {
    let text =
      "exception X {}\nservice S { oneway i32 f(), oneway void g() throws (1: X x), oneway void h() throws () }"
    #expect(
      errors(text) == ["2:20: oneway function 'f' must return void", "2:56: oneway function 'g' cannot throw"])
  }

  @Test("'optional' arguments and words before exceptions are ignored with a warning")
  func ignoredRequiredness() throws {
    let text = "exception X {}\nservice S { void f(1: optional i32 a) throws (1: required X x) }"
    let function = try #require(try program(text).definition("S").service?.functions[0])
    #expect(function.arguments[0].requiredness == .default)
    #expect(function.exceptions[0].requiredness == .default)
    #expect(
      warnings(text) == [
        "2:23: 'optional' has no meaning for an argument", "2:50: 'required' has no meaning for a declared exception",
      ])
  }

  @Test("arguments may lack ids")
  func implicitArgumentIDs() throws {
    let function = try #require(try program("service S { void f(i32 a, i32 b) }").definition("S").service?.functions[0])
    #expect(function.arguments.map(\.id) == [-1, -2])
  }
}
