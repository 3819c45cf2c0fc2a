import Testing

@Suite("Enums and typedefs")
struct EnumerationTests {
  @Test("the text of an enum")
  func enumeration() throws {
    let swift = try generate(
      """
      enum Color {
        red = 1
        /** The nicest. */
        green
        verde = 2
        default = -1
      }
      """)
    #expect(
      swift == """
        public struct Color: SeaThrift::ThriftEnum {
          public let rawValue: Swift::Int32

          public init(rawValue: Swift::Int32) { self.rawValue = rawValue }

          public static var red: Self { Self(rawValue: 1) }

          /// The nicest.
          public static var green: Self { Self(rawValue: 2) }
          public static var verde: Self { Self(rawValue: 2) }
          public static var `default`: Self { Self(rawValue: -1) }

          public static let allCases: [Self] = ([1, 2, -1] as [Swift::Int32]).map { Self(rawValue: $0) }

          public static var thriftName: Swift::String { "Color" }

          public static func name(of rawValue: Swift::Int32) -> Swift::String? {
            switch rawValue {
            case 1: return "red"
            case 2: return "green"
            case -1: return "default"
            default: return nil
            }
          }
        }

        """)
  }

  @Test("an enum without values")
  func empty() throws {
    let swift = try generate("enum E {}")
    #expect(swift.contains("static let allCases: [Self] = ([] as [Swift::Int32])"))
    #expect(swift.contains("return nil\n"))
  }

  @Test("a typedef is a typealias, and its name is used")
  func typedef() throws {
    let swift = try generate("typedef i64 ID typedef list<ID> IDs struct S { 1: IDs ids }")
    #expect(swift.contains("public typealias ID = Swift::Int64\n"))
    #expect(swift.contains("public typealias IDs = [ID]\n"))
    #expect(swift.contains("public var ids: IDs\n"))
  }
}
