import CrossTestIDL
import SeaThrift

/// Returns what it is given, and prints each call.
struct CrossTestHandler: CrossTest.ThriftTest.Handler, CrossTest.SecondService.Handler {
  private struct Undeclared: Error {}

  private func note<Value>(_ method: String, _ value: Value) -> Value {
    let text = "\(value)"
    say("\(method)(\(text.utf8.count > 200 ? "\(text.prefix(100))… \(text.utf8.count) bytes" : text))")
    return value
  }

  func testVoid() async throws { say("testVoid()") }
  func testString(thing: String) async throws -> String { note("testString", thing) }
  func testBool(thing: Bool) async throws -> Bool { note("testBool", thing) }
  func testByte(thing: Int8) async throws -> Int8 { note("testByte", thing) }
  func testI32(thing: Int32) async throws -> Int32 { note("testI32", thing) }
  func testI64(thing: Int64) async throws -> Int64 { note("testI64", thing) }
  func testDouble(thing: Double) async throws -> Double { note("testDouble", thing) }

  func testBinary(thing: [UInt8]) async throws -> [UInt8] {
    say("testBinary(\(thing.count) bytes)")
    return thing
  }

  func testUuid(thing: ThriftUUID) async throws -> ThriftUUID { note("testUuid", thing) }
  func testStruct(thing: CrossTest.Xtruct) async throws -> CrossTest.Xtruct { note("testStruct", thing) }
  func testNest(thing: CrossTest.Xtruct2) async throws -> CrossTest.Xtruct2 { note("testNest", thing) }
  func testMap(thing: [Int32: Int32]) async throws -> [Int32: Int32] { note("testMap", thing) }
  func testStringMap(thing: [String: String]) async throws -> [String: String] { note("testStringMap", thing) }
  func testSet(thing: Set<Int32>) async throws -> Set<Int32> { note("testSet", thing) }
  func testList(thing: [Int32]) async throws -> [Int32] { note("testList", thing) }
  func testEnum(thing: CrossTest.Numberz) async throws -> CrossTest.Numberz { note("testEnum", thing) }
  func testTypedef(thing: Int64) async throws -> Int64 { note("testTypedef", thing) }

  func testMapMap(hello: Int32) async throws -> [Int32: [Int32: Int32]] {
    _ = note("testMapMap", hello)
    return CrossTest.mapMap
  }

  func testInsanity(argument: CrossTest.Insanity) async throws -> [Int64: [CrossTest.Numberz: CrossTest.Insanity]] {
    CrossTest.insanity(note("testInsanity", argument))
  }

  func testMulti(
    arg0: Int8, arg1: Int32, arg2: Int64, arg3: [Int16: String], arg4: CrossTest.Numberz, arg5: Int64
  ) async throws -> CrossTest.Xtruct {
    say("testMulti(\(arg0), \(arg1), \(arg2), \(arg3), \(arg4), \(arg5))")
    return CrossTest.Xtruct(string_thing: "Hello2", byte_thing: arg0, i32_thing: arg1, i64_thing: arg2)
  }

  func testException(arg: String) async throws {
    switch note("testException", arg) {
    case "Xception": throw CrossTest.Xception(errorCode: 1001, message: arg)
    case "TException": throw Undeclared()
    default: break
    }
  }

  func testMultiException(arg0: String, arg1: String) async throws -> CrossTest.Xtruct {
    say("testMultiException(\(arg0), \(arg1))")
    switch arg0 {
    case "Xception": throw CrossTest.Xception(errorCode: 1001, message: "This is an Xception")
    case "Xception2":
      throw CrossTest.Xception2(
        errorCode: 2002, struct_thing: CrossTest.Xtruct(string_thing: "This is an Xception2"))
    default: return CrossTest.Xtruct(string_thing: arg1)
    }
  }

  func testOneway(secondsToSleep: Int32) async throws {
    say("testOneway(\(secondsToSleep)): sleeping")
    // It sleeps for no time: the next call of the connection waits for this one, and must not have to wait.
    say("testOneway(\(secondsToSleep)): done")
  }

  func secondtestString(thing: String) async throws -> String {
    say("secondtestString(\(thing))")
    return "testString(\"\(thing)\")"
  }
}
