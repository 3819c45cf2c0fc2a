import Testing

@Suite("Structs, exceptions and unions")
struct StructureTests {
  @Test("the text of a struct")
  func structure() throws {
    let swift = try generate(
      """
      /** A user. */
      struct User {
        /** Who it is. */
        2: required i64 id
        1: string name = "none"
        3: optional list<i32> marks
      }
      """)
    #expect(
      swift == """
        /// A user.
        public struct User: SeaThrift::ThriftStruct {
          public static var thriftName: Swift::String { "User" }

          /// Who it is.
          public var id: Swift::Int64
          public var name: Swift::String
          public var marks: [Swift::Int32]?

          public init(id: Swift::Int64, name: Swift::String = "none", marks: [Swift::Int32]? = nil) {
            self.id = id
            self.name = name
            self.marks = marks
          }

          public init(from reader: inout some SeaThrift::ThriftReader & ~Swift::Copyable) throws(SeaThrift::CodecError) {
            var value1: Swift::Int64 = 0
            var value2: Swift::String = "none"
            var value3: [Swift::Int32]? = nil
            var seen: Swift::UInt64 = 0
            try reader.readStructBegin()
            while true {
              let field = try reader.readFieldBegin()
              if field.type == .stop { break }
              switch (field.id, field.type) {
              case (2, .i64):
                value1 = try reader.readI64()
                seen |= 0x1
              case (1, .string):
                value2 = try reader.readString()
              case (3, .list):
                let (element, count) = try reader.readListBegin(accepting: .i32)
                var list: [Swift::Int32] = []
                list.reserveCapacity(reader.reservation(for: count, of: Swift::Int32.self))
                for _ in 0..<count {
                  list.append(try reader.readI32(sentAs: element))
                }
                try reader.readListEnd()
                value3 = list
              default:
                try reader.skip(field.type)
              }
              try reader.readFieldEnd()
            }
            try reader.readStructEnd()
            if seen & 0x1 == 0 {
              throw SeaThrift::CodecError(.missingRequiredField, "User.id is required and missing")
            }
            self.id = value1
            self.name = value2
            self.marks = value3
          }

          public func write(to writer: inout some SeaThrift::ThriftWriter & ~Swift::Copyable) throws(SeaThrift::CodecError) {
            try writer.writeStructBegin("User")
            try writer.writeField("name", 1, self.name)
            try writer.writeField("id", 2, self.id)
            if let value = self.marks {
              try writer.writeFieldBegin("marks", .list, 3)
              try writer.writeListBegin(.i32, count: value.count)
              for element in value {
                try writer.write(element)
              }
              try writer.writeListEnd()
              try writer.writeFieldEnd()
            }
            try writer.writeFieldStop()
            try writer.writeStructEnd()
          }
        \(entryPoints)
        }

        """)
  }

  @Test("the text of a union")
  func union() throws {
    let swift = try generate("union U { 1: i32 a, 2: U nested, 3: E e } enum E {}")
    let declaration = swift.prefix { _ in true }.split(separator: "\n\npublic struct E")[0]
    #expect(
      declaration == """
        public enum U: SeaThrift::ThriftUnion {
          case a(Swift::Int32)
          indirect case nested(U)
          case e(E)
          /// A member that this version of the IDL does not know, or none at all.
          case unknown(SeaThrift::UnknownUnionMember)

          public static var thriftName: Swift::String { "U" }

          public init(from reader: inout some SeaThrift::ThriftReader & ~Swift::Copyable) throws(SeaThrift::CodecError) {
            self = .unknown(.empty)
            try reader.readStructBegin()
            while true {
              let field = try reader.readFieldBegin()
              if field.type == .stop { break }
              switch (field.id, field.type) {
              case (1, .i32):
                self = .a(try reader.readI32())
              case (2, .structure):
                self = .nested(try reader.readStruct(U.self))
              case (3, .i32):
                self = .e(try reader.readEnum(E.self))
              default:
                self = .unknown(try SeaThrift::UnknownUnionMember(from: &reader, field))
              }
              try reader.readFieldEnd()
            }
            try reader.readStructEnd()
          }

          public func write(to writer: inout some SeaThrift::ThriftWriter & ~Swift::Copyable) throws(SeaThrift::CodecError) {
            try writer.writeStructBegin("U")
            switch self {
            case .a(let value):
              try writer.writeField("a", 1, value)
            case .nested(let value):
              try writer.writeField("nested", 2, value)
            case .e(let value):
              try writer.writeField("e", 3, value)
            case .unknown(let member):
              try member.writeField(to: &writer)
            }
            try writer.writeFieldStop()
            try writer.writeStructEnd()
          }
        \(entryPoints)
        }
        """)
  }

  @Test("an exception can be thrown")
  func exception() throws {
    #expect(try generate("exception E { 1: string why }").hasPrefix("public struct E: SeaThrift::ThriftException {\n"))
  }

  @Test("what a circle of structs is broken by is kept on the heap, and nothing else")
  func recursion() throws {
    let swift = try generate(
      "struct A { 1: optional B b, 2: optional C c, 3: list<A> list, 4: A & ref } struct B { 1: A a } struct C {}")
    #expect(
      lines(of: swift, with: " var ").filter { !$0.contains("static") && !$0.hasPrefix("var") } == [
        "@SeaThrift::Boxed public var b: B?", "public var c: C?", "public var list: [A]",
        "@SeaThrift::Boxed public var ref: A?", "public var a: A",
      ])
  }

  @Test("an enum without 0 that was never set is not written, and missing where it is required")
  func enumWithoutZero() throws {
    let enums = "enum E { A = 1 } enum Z { N, A } enum Empty {} typedef E T\n"
    func writing(_ fields: String) throws -> [String] {
      let swift = try generate(enums + "struct S { \(fields) }")
      return lines(of: swift, with: "self.a").filter { !$0.contains("self.a = ") }
    }
    let write = #"try writer.writeField("a", 1, self.a)"#
    for type in ["E", "T", "Empty"] {
      #expect(try writing("1: \(type) a") == ["if self.a.rawValue != 0 {", write])
      #expect(
        try writing("1: required \(type) a") == [
          "guard self.a.rawValue != 0 else { throw SeaThrift::CodecError(.missingRequiredField, "
            + #""S.a is required and missing") }"#, write,
        ])
    }
    #expect(try writing("1: E a = E.A") == [write])
    #expect(try writing("1: Z a") == [write])
    #expect(try writing("1: required Z a") == [write])
    #expect(try writing("1: optional E a") == ["if let value = self.a {"])
  }

  @Test("on request, fields of default requiredness are optionals, and arguments stay what they are")
  func optionalDefaults() throws {
    let swift = try generate(
      """
      struct S { 1: string text, 2: required i32 must, 3: optional i32 may, 4: i32 number = 5, 5: S next, 6: E e }
      enum E { A = 1 }
      exception X { 1: string why }
      union U { 1: string text }
      service V { void f(1: string text) throws (1: X x) }
      const S C = {'must': 1, 'e': E.A}
      """, optionalDefaults: true)
    #expect(
      lines(of: swift, with: "public var ") == [
        "public var text: Swift::String?", "public var must: Swift::Int32", "public var may: Swift::Int32?",
        "public var number: Swift::Int32?", "@SeaThrift::Boxed public var next: S?", "public var e: E?",
        "public var why: Swift::String?", "public var text: Swift::String", "public var x: X?",
      ])
    #expect(swift.contains("number: Swift::Int32? = 5,"))
    #expect(swift.contains("case text(Swift::String)"))
    #expect(swift.contains("func f(text: Swift::String) async throws"))
    #expect(swift.contains("let C: S = .init(must: 1, e: .some(.A))"))
  }

  @Test("a struct that must contain itself is boxed, and may be absent in memory but not on the wire")
  func endless() throws {
    let swift = try generate("struct A { 1: required A a } struct B { 1: A a }")
    #expect(
      lines(of: swift, with: "public var ") == ["@SeaThrift::Boxed public var a: A?", "public var a: A?"])
    #expect(lines(of: swift, with: "public init(a") == ["public init(a: A?) {", "public init(a: A? = nil) {"])
    #expect(lines(of: swift, with: "guard let").count == 1)
  }

  @Test("a struct with required fields is zero where it is missing")
  func zero() throws {
    let swift = try generate(
      "struct A { 1: required string s, 2: optional i32 i } struct B { 1: A a, 2: U u } union U {}")
    #expect(swift.contains(#"public init(a: A = .init(s: ""), u: U = .unknown(.empty)) {"#))
  }

  @Test("a zero of many parts is declared once, so that it does not double with every level")
  func manyZeros() throws {
    let levels = (1...40).map {
      "struct S\($0) { 1: required S\($0 - 1) a, 2: required S\($0 - 1) b, 3: S\($0 - 1) c }"
    }
    let swift = try generate("struct S0 { 1: required i32 a }" + levels.joined())
    let zeros = lines(of: swift, with: "var thriftZero").map(\.count)
    #expect(zeros.count > 10)
    #expect(zeros.allSatisfy { $0 < 300 })
    let bytes = swift.utf8.count
    #expect(bytes < 300_000)
  }

  @Test("more than 64 required fields are told apart")
  func manyRequired() throws {
    let fields = (1...70).map { "\($0): required i32 f\($0)" }.joined(separator: ", ")
    let swift = try generate("struct S { \(fields) }")
    #expect(swift.contains("var seen2: Swift::UInt64 = 0"))
    #expect(swift.contains("seen |= 0x8000000000000000"))
    #expect(swift.contains("if seen2 & 0x20 == 0 {"))
  }

  @Test("containers in containers have variables of their own, and types that compile in linear time")
  func containers() throws {
    let swift = try generate("struct S { 1: map<list<i32>, list<list<list<list<i32>>>>> m }")
    let begins = lines(of: swift, with: "Begin(of: ") + lines(of: swift, with: "Begin(accepting: ")
    #expect(begins.count == 6)
    #expect(Set(begins.map { $0.prefix { $0 != "=" } }).count == 6)
    #expect(
      swift.contains(
        "public var m: Swift::Dictionary<[Swift::Int32], [[[[Swift::Int32]]]]>"))
  }
}

/// What every type that travels ends with.
private let entryPoints = ["Binary", "Compact", "JSON"].map { format in
  """

    public static func decode(_ reader: inout SeaThrift::\(format)Reader) throws(SeaThrift::CodecError) -> Self {
      try Self(from: &reader)
    }

    public func encode(_ writer: inout SeaThrift::\(format)Writer) throws(SeaThrift::CodecError) {
      try self.write(to: &writer)
    }
  """
}.joined(separator: "\n")
