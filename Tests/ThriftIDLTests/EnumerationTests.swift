import Testing
import ThriftIDL

@Suite("Enums")
struct EnumerationTests {
  /// The numbers of the values of the enum `E`.
  private func numbers(_ values: String) throws -> [Int32] {
    try #require(try program("enum E { \(values) }").definition("E").enumeration).values.map(\.rawValue)
  }

  @Test("values count up from 0, or from the last number that was given")
  func counting() throws {
    #expect(try numbers("A, B, C = 10, D, E = -3, F, G, H = 0x10, I") == [0, 1, 10, 11, -3, -2, -1, 16, 17])
  }

  @Test("values may be equal, in any order, and at the ends of 32 bits")
  func unusualNumbers() throws {
    #expect(try numbers("A = 1, B = 1, C = 0") == [1, 1, 0])
    #expect(try numbers("A = -2147483648, B = 2147483647") == [.min, .max])
  }

  @Test("an enum may be empty")
  func empty() throws {
    #expect(try numbers("").isEmpty)
  }

  @Test("a number beyond 32 bits is an error, also when it is counted up to")
  func overflow() {
    #expect(errors("enum E { A = 2147483648 }") == ["1:14: the value 2147483648 of 'A' does not fit in 32 bits"])
    #expect(errors("enum E { A = -2147483649 }") == ["1:14: the value -2147483649 of 'A' does not fit in 32 bits"])
    #expect(errors("enum E { A = 2147483647, B }") == ["1:26: the value 2147483648 of 'B' does not fit in 32 bits"])
  }

  @Test("a name is used once")
  func duplicateName() {
    #expect(
      errors("enum E {\n  A = 1,\n  A = 2\n}") == ["3:3: 'A' is already a value of this enum, on line 2"])
  }

  @Test("values of different enums may have the same name")
  func sameNameElsewhere() throws {
    #expect(try program("enum E { A } enum F { A } const i32 A = 1").definitions.count == 3)
  }
}
