import SeaThrift
import SeaThriftTime
import Testing
import ThriftIDL

@Suite("Random values of every generated type")
struct RandomRoundTripTests {
  @Test("every type of the files takes part", arguments: generatedTypes.keys)
  func everyType(file: String) throws {
    let program = try program(file)
    let names = program.definitions.filter { $0.structure != nil }.map(\.name)
    #expect(Set(names) == Set(try #require(generatedTypes[file]).keys))
  }

  @Test(
    "what is read in any protocol is written again in any protocol, and nothing is lost", arguments: generatedTypes.keys
  )
  func complete(file: String) throws {
    try forEachType(of: file) { type, values, structure in
      let value = values.value(of: structure)
      for format in ThriftFormat.complete {
        try check(type, try bytes(of: value, format), format, isExactly: value)
      }
    }
  }

  @Test("a value of which parts are missing reads as one that is written whole", arguments: generatedTypes.keys)
  func incomplete(file: String) throws {
    try forEachType(of: file) { type, values, structure in
      values.isComplete = false
      try check(type, try bytes(of: values.value(of: structure)), .binary)
    }
  }

  private func forEachType(
    of file: String, _ body: (any ThriftStruct.Type, inout RandomValues, Structure) throws -> Void
  ) throws {
    let program = try program(file)
    let types = try #require(generatedTypes[file])
    for definition in program.definitions {
      guard let structure = definition.structure, let type = types[definition.name] else { continue }
      for seed in UInt64(1)...10 {
        var values = RandomValues(program: program, generator: SeededGenerator(seed: seed))
        try body(type, &values, structure)
      }
    }
  }

  private func check<Value: ThriftStruct>(
    _ type: Value.Type, _ bytes: [UInt8], _ format: ThriftFormat, isExactly expected: ThriftValue? = nil
  ) throws {
    let value = try Value(thriftBytes: bytes, format)
    let copy = value
    #expect(copy == value && copy.hashValue == value.hashValue)
    for format in ThriftFormat.complete {
      let written = try value.thriftBytes(format)
      let again = try Value(thriftBytes: written, format)
      #expect(again == value, "\(format)")
      #expect(again.hashValue == value.hashValue, "\(format)")
      // JSON does not tell binaries from strings, so it is not read without the IDL.
      guard let expected, format != .json else { continue }
      let found = try AnyStruct(thriftBytes: written, format).value
      #expect(canonical(found) == canonical(expected), "\(format)")
    }
    #expect(value.description.hasPrefix("\(Value.thriftName)("))
  }
}
