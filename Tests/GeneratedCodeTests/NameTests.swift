import SeaThrift
import Testing

@Suite("Generated types with the names of Swift's own")
struct NameTests {
  @Test("they are made and read like any other")
  func types() throws {
    let result = nasty.Result(Result: "a", success: nasty.Error(Error: "b", error: 1))
    #expect(try nasty.Result(thriftBytes: result.thriftBytes()) == result)
    let task = nasty.Task(Task: 1, tasks: [nasty.Task(Task: 2)])
    #expect(try nasty.Task(thriftBytes: task.thriftBytes(.json), .json) == task)
    let optional = nasty.Optional(Optional: "a", some: nasty.Optional(none: 3))
    #expect(try nasty.Optional(thriftBytes: optional.thriftBytes(.compact), .compact) == optional)
    #expect(nasty.Self_(Self_: "a", self_: "b").description == #"Self(Self: "a", self: "b")"#)
    #expect(nasty.Names.allCases.count == 12)
    #expect("\(nasty.Names.self_)" == "self")
  }

  @Test("keywords are members like any other")
  func keywords() {
    var value = nasty.Keywords(class: 1, func: 2, in: 6, nil: 9, default: 10, where: 11)
    value.protocol = 12
    value.await = 27
    value.description_ = 31
    #expect(value.class + value.func + value.in + value.nil + value.default + value.where == 39)
    #expect(value.description.hasPrefix("Keywords(class: 1, func: 2, var: 0, let: 0, inout: 0, in: 6, is: 0"))
    #expect(nasty.Cases.class(1) != .default(1))
    #expect(nasty.Cases.unknown_(3) != .unknown(.empty))
  }
}

@Suite("What generated values say of themselves")
struct DescriptionTests {
  @Test("a struct, its containers, an enum, a union, an exception")
  func descriptions() {
    #expect(sample.Empty().description == "Empty()")
    #expect(sample.Point(x: 1, y: -0.5, label: "a\"b").description == #"Point(x: 1.0, y: -0.5, label: "a\"b")"#)
    #expect(sample.Optionals(flags: [true, false]).description == "Optionals(flags: [true, false])")
    #expect(sample.Choice.text("x").description == #"Choice(text: "x")"#)
    #expect(sample.Failure(code: 3, color: .red).description.hasPrefix(#"Failure(code: 3, why: "unknown", color: "#))
  }

  @Test("a large value is cut short")
  func bounded() {
    let value = sample.Containers(empties: Array(repeating: sample.Empty(), count: 100_000))
    #expect(value.description.utf8.count < 10_000)
    #expect(value.description.hasSuffix("…"))
  }
}
