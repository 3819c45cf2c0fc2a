import SeaThrift
import Testing

@Suite("Containers of integers of another size")
struct ElementSizeTests {
  private static let integers: [ThriftType] = [.i8, .i16, .i32, .i64]
  private static let formats = ThriftFormat.allCases

  private static func integer(_ value: Int64, _ type: ThriftType) -> ThriftValue {
    switch type {
    case .i8: .i8(Int8(truncatingIfNeeded: value))
    case .i16: .i16(Int16(truncatingIfNeeded: value))
    case .i32: .i32(Int32(truncatingIfNeeded: value))
    default: .i64(value)
    }
  }

  /// What a peer sends whose integers are of this type.
  private static func sent(_ values: [Int64], as type: ThriftType) -> ThriftValue {
    let list = ThriftValue.list(type, values.map { integer($0, type) })
    return .structure([
      .init(id: 1, value: list),
      .init(id: 2, value: .set(type, values.map { integer($0, type) })),
      .init(
        id: 3, value: .map(type, type, values.map { .init(key: integer($0, type), value: integer($0, type)) })),
      .init(id: 4, value: .map(.string, .list, [.init(key: .string("a"), value: list)])),
      .init(id: 5, value: .map(type, .string, values.map { .init(key: integer($0, type), value: .string("\($0)")) })),
      .init(id: 9, value: .i32(42)),
    ])
  }

  /// What the struct with containers of a type reads, as a peer of its own kind would send it.
  private func read(_ bytes: [UInt8], _ format: ThriftFormat, as type: ThriftType) throws -> ThriftValue {
    func value(_ type: (some ThriftStruct).Type) throws -> ThriftValue {
      try AnyStruct(thriftBytes: type.init(thriftBytes: bytes, format).thriftBytes()).value
    }
    switch type {
    case .i8: return try value(sizes.Bytes.self)
    case .i16: return try value(sizes.Shorts.self)
    case .i32: return try value(sizes.Ints.self)
    default: return try value(sizes.Longs.self)
    }
  }

  @Test("are read when every value fits, in every protocol", arguments: formats)
  func fit(format: ThriftFormat) throws {
    let values: [Int64] = [0, 1, -1, 127, -128]
    for sender in Self.integers {
      let bytes = try bytes(of: Self.sent(values, as: sender), format)
      for reader in Self.integers {
        let found = try read(bytes, format, as: reader)
        #expect(canonical(found) == canonical(Self.sent(values, as: reader)), "\(sender) as \(reader)")
      }
      let colors = try sizes.Colors(thriftBytes: bytes, format)
      #expect(colors.plain.map(\.rawValue) == [0, 1, -1, 127, -128] && colors.after == 42)
      #expect(colors.names[.RED] == "0" && colors.lists["a"]?.count == 5)
    }
  }

  @Test("are an error that names the value when one does not fit", arguments: formats)
  func wide(format: ThriftFormat) throws {
    for (sender, value) in [(ThriftType.i16, 300), (.i32, 70_000), (.i64, 5_000_000_000)] as [(ThriftType, Int64)] {
      let bytes = try bytes(of: Self.sent([1, value], as: sender), format)
      for reader in Self.integers {
        if reader.holds(value) {
          let found = try read(bytes, format, as: reader)
          #expect(canonical(found) == canonical(Self.sent([1, value], as: reader)))
        } else {
          let error = #expect(throws: CodecError.self) { try read(bytes, format, as: reader) }
          #expect(error?.code == .invalidData && error?.message.contains("\(value)") == true, "\(sender) as \(reader)")
        }
      }
    }
  }

  @Test("what is no integer is not taken for one, nor the other way about", arguments: formats)
  func others(format: ThriftFormat) throws {
    let others: [ThriftValue] = [
      .list(.bool, [.bool(true)]), .list(.double, [.double(1)]), .list(.string, [.string("1")]),
      .list(.structure, [.structure([])]), .list(.list, [.list(.i32, [])]),
    ]
    for other in others {
      let bytes = try bytes(of: .structure([.init(id: 1, value: other), .init(id: 9, value: .i32(1))]), format)
      for reader in Self.integers { #expect(throws: CodecError.self) { try read(bytes, format, as: reader) } }
    }
    for type in Self.integers {
      let list = ThriftValue.list(type, [Self.integer(1, type)])
      let bytes = try bytes(of: .structure([.init(id: 1, value: list)]), format)
      #expect(throws: CodecError.self) { try sizes.Flags(thriftBytes: bytes, format) }
      #expect(throws: CodecError.self) { try sizes.Reals(thriftBytes: bytes, format) }
    }
  }

  @Test("a field that is an integer of another size is stepped over, as any of another type", arguments: formats)
  func fields(format: ThriftFormat) throws {
    let bytes = try bytes(of: .structure([.init(id: 9, value: .i64(1))]), format)
    #expect(try sizes.Ints(thriftBytes: bytes, format).after == 0)
  }
}

extension ThriftType {
  /// Whether a value fits.
  fileprivate func holds(_ value: Int64) -> Bool {
    switch self {
    case .i8: Int8(exactly: value) != nil
    case .i16: Int16(exactly: value) != nil
    case .i32: Int32(exactly: value) != nil
    default: true
    }
  }
}
