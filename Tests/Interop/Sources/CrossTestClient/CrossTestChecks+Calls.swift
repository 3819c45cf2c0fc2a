import CrossTestIDL
import SeaThrift

extension CrossTestChecks {
  private static let languages =
    "Afrikaans, Alemannisch, العربية, Asturianu, Български, བོད་ཡིག, Català, Čeština, Ελληνικά, Español, فارسی, "
    + "Français, ગુજરાતી, עברית, हिन्दी, Íslenska, 日本語, ქართული, ಕನ್ನಡ, 한국어, Latviešu, Македонски, 中文, "
    + "Türkçe, Українська, Tiếng Việt, ייִדיש, ไทย, 𐌲𐌿𐍄𐌹𐍃𐌺, 🌊"
  private static let signs = "quote: \" backslash: \\ slash: / \\/ \u{8}\u{c}\n\r\t\u{1f} []{}<>:,'"

  mutating func callBaseTypes() async {
    let client = client
    await check(.baseTypes, "testVoid()") {
      try await client.testVoid()
      return true
    }
    let strings = ["Test", "", String(repeating: "0123456789", count: 12), Self.languages, Self.signs]
    await echo(.baseTypes, "testString", strings) { try await client.testString(thing: $0) }
    await echo(.baseTypes, "testBool", [true, false]) { try await client.testBool(thing: $0) }
    await echo(.baseTypes, "testByte", [0, -1, 42, -42, 127, -128]) { try await client.testByte(thing: $0) }
    await echo(.baseTypes, "testI32", [0, -1, 190_000_013, -190_000_013, .max, .min]) {
      try await client.testI32(thing: $0)
    }
    let longs: [Int64] = [
      0, -1, 7_000_000_000_000_000_123, -7_000_000_000_000_000_123, 1 << 32, -(1 << 32),
      (1 << 32) + 1, -(1 << 32) - 1, .max, .min,
    ]
    await echo(.baseTypes, "testI64", longs) { try await client.testI64(thing: $0) }
    let large: [Double] = [4_294_967_296, 4_294_967_297, 9_007_199_254_740_991]
    let doubles = [0, -1, -5.2098523, -0.000341012439638598279] + large + large.map { -$0 } + [1e307, 1e-292]
    await echo(.baseTypes, "testDouble", doubles) { try await client.testDouble(thing: $0) }
    for count in [0] + (0...17).map({ 1 << $0 }) {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
      await check(.baseTypes, "testBinary(\(count) bytes)") { try await client.testBinary(thing: bytes) == bytes }
    }
    var random = SystemRandomNumberGenerator()
    let uuids = [
      ThriftUUID(high: 0x0011_2233_4455_6677, low: 0x8899_aabb_ccdd_eeff), .random(using: &random),
      ThriftUUID(high: 0, low: 0),
    ]
    await echo(.baseTypes, "testUuid", uuids) { try await client.testUuid(thing: $0) }
    await check(.baseTypes, "testOneway(1)") {
      let clock = ContinuousClock()
      let duration = try await clock.measure { try await client.testOneway(secondsToSleep: 1) }
      return duration < .milliseconds(200)
    }
    await echo(.baseTypes, "testI32", [-1]) { try await client.testI32(thing: $0) }
  }

  mutating func callStructs() async {
    let client = client
    let zero = CrossTest.Xtruct(string_thing: "Zero", byte_thing: 1, i32_thing: -3, i64_thing: -5)
    await echo(.structs, "testStruct", [zero]) { try await client.testStruct(thing: $0) }
    let nest = CrossTest.Xtruct2(byte_thing: 1, struct_thing: zero, i32_thing: 5)
    await echo(.structs, "testNest", [nest]) { try await client.testNest(thing: $0) }
    await echo(.structs, "testEnum", [.ONE, .TWO, .THREE, .FIVE, .EIGHT] as [CrossTest.Numberz]) {
      try await client.testEnum(thing: $0)
    }
    await echo(.structs, "testTypedef", [309_858_235_082_523]) { try await client.testTypedef(thing: $0) }
    let insanity = CrossTest.Insanity(
      userMap: [.FIVE: 5, .EIGHT: 8],
      xtructs: [
        CrossTest.Xtruct(string_thing: "Goodbye4", byte_thing: 4, i32_thing: 4, i64_thing: 4),
        CrossTest.Xtruct(string_thing: "Hello2", byte_thing: 2, i32_thing: 2, i64_thing: 2),
      ])
    await check(.structs, "testInsanity") {
      try await client.testInsanity(argument: insanity) == CrossTest.insanity(insanity)
    }
    await check(.structs, "testMulti") {
      let result = try await client.testMulti(
        arg0: 42, arg1: 4242, arg2: 424_242, arg3: [1: "blah", 2: "thing"], arg4: .EIGHT, arg5: 24)
      return result == CrossTest.Xtruct(string_thing: "Hello2", byte_thing: 42, i32_thing: 4242, i64_thing: 424_242)
    }
  }

  mutating func callContainers() async {
    let client = client
    let map = Dictionary(uniqueKeysWithValues: (0...4 as ClosedRange<Int32>).map { ($0, $0 - 10) })
    await echo(.containers, "testMap", [map, [:]]) { try await client.testMap(thing: $0) }
    await echo(.containers, "testStringMap", [["a": "2", "b": "blah", "some": "thing"]]) {
      try await client.testStringMap(thing: $0)
    }
    await echo(.containers, "testSet", [Set(-2...2), []]) { try await client.testSet(thing: $0) }
    await echo(.containers, "testList", [[], Array(-2...2)]) { try await client.testList(thing: $0) }
    await check(.containers, "testMapMap") { try await client.testMapMap(hello: 1) == CrossTest.mapMap }
  }

  mutating func callExceptions() async {
    let client = client
    await check(.exceptions, "testException(Xception)") {
      do {
        try await client.testException(arg: "Xception")
        return false
      } catch let error as CrossTest.Xception {
        return error == CrossTest.Xception(errorCode: 1001, message: "Xception")
      }
    }
    await check(.exceptions, "testException(TException)") {
      do {
        try await client.testException(arg: "TException")
        return false
      } catch let error as RPCError where error.cause is ApplicationException {
        return true
      }
    }
    await check(.exceptions, "testException(success)") {
      try await client.testException(arg: "success")
      return true
    }
    if let second {
      await check(.exceptions, "secondtestString(foo)") {
        try await second.secondtestString(thing: "foo") == "testString(\"foo\")"
      }
    }
    await check(.exceptions, "testMultiException(Xception)") {
      do {
        _ = try await client.testMultiException(arg0: "Xception", arg1: "test 1")
        return false
      } catch let error as CrossTest.Xception {
        return error == CrossTest.Xception(errorCode: 1001, message: "This is an Xception")
      }
    }
    await check(.exceptions, "testMultiException(Xception2)") {
      do {
        _ = try await client.testMultiException(arg0: "Xception2", arg1: "test 2")
        return false
      } catch let error as CrossTest.Xception2 {
        return error.errorCode == 2002 && error.struct_thing.string_thing == "This is an Xception2"
      }
    }
    await check(.exceptions, "testMultiException(success)") {
      try await client.testMultiException(arg0: "success", arg1: "test 3").string_thing == "test 3"
    }
  }
}
