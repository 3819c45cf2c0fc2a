import Foundation
import Testing
import ThriftIDL

@Suite("Mutations")
struct MutationTests {
  // `FUZZ_ROUNDS` and `FUZZ_SEED` in the environment make it last longer, and differ.
  private static let rounds = (number("FUZZ_ROUNDS") ?? 20_000) / 40
  private static let firstSeed = UInt64(number("FUZZ_SEED") ?? 0) &* 1_000

  private static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }

  /// A bit of everything.
  private static let specimen = """
    /** The file. */
    namespace swift a.b (k = "v")
    include "other.thrift"
    cpp_include "<map>"

    /** Documentation
     * of a const. */
    const i32 LIMIT = 0x1F;
    const double RATE = -1.5e-3
    const list<string> WORDS = ["a", 'b\\n', "ü"],
    const map<Color, list<i64>> TABLE = {Color.RED: [1, LIMIT], 2: []}
    const Point ORIGIN = {"x": 0, "y": 1.5, "near": [{"x": 1}]}
    const uuid ID = "01234567-89ab-cdef-0123-456789abcdef"
    typedef map<i32, set<binary (a.b = "c")>> Index (d)
    enum Color { RED = 1, GREEN, BLUE = -7 (z = "1"); } (e = "f")
    struct Point xsd_all {
      1: required double x = 5 xsd_optional,
      2: optional double y (q = "r", q = "s")
      i32 implicit
      3: list<Point> near = [];
      4: optional Point next
      5: Point & self_
      6: other.Thing thing = {"id": other.MAXIMUM}
    }
    union Choice { 1: Point point; 2: Choice choice, 3: string text = "x" }
    exception Trouble { 1: string why, 2: optional Color color = Color.BLUE } (m)
    service Base { void ping() }
    service Store extends Base {
      # a comment
      Point get(1: i32 id = LIMIT, 2: Index index) throws (1: Trouble trouble) (idempotent = "true"),
      oneway void log(1: string text)
      list<Color> colors()
    }
    """

  private static let other = "struct Thing { 1: i32 id }\nconst i32 MAXIMUM = 7"

  /// Pieces that mean something to the compiler.
  private static let pieces = [
    "{", "}", "(", ")", "<", ">", "[", "]", ",", ";", ":", "=", "&", "*", "\"", "'", "\\", "/*", "*/", "//", "#", "\n",
    "0", "-1", "1.5", "99999999999999999999", "0x", "struct ", "union ", "enum ", "service ", "extends ", "throws ",
    "required ", "optional ", "oneway ", "void ", "list<", "map<", "Point", "Color", "Color.RED", "LIMIT", "other.",
    "const ", "typedef ", "include ", "namespace ", "i32 ", "slist ", "xsd_attrs {", "cpp_type ", "\u{FEFF}", "é", "\0",
  ]

  @Test("the specimen itself is valid")
  func specimen() {
    #expect(messages(.error, in: compile(Self.specimen, with: ["other.thrift": Self.other])) == [])
  }

  @Test("whatever is done to a valid file, the compiler ends, and says something when it refuses", arguments: 0..<8)
  func mutations(seed: UInt64) {
    var random = SmallGenerator(seed: Self.firstSeed &+ seed)
    let specimen = Array(Self.specimen.utf8)
    for _ in 0..<Self.rounds {
      var bytes = specimen
      for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, using: &random) }
      let sources = InMemorySources(bytes: ["test.thrift": bytes, "other.thrift": Array(Self.other.utf8)])
      let result = FrontEnd(loader: sources).compile(["test.thrift"])
      let isExplained = result.diagnostics.contains { $0.severity == .error }
      #expect(result.hasErrors == isExplained, "\(String(decoding: bytes, as: UTF8.self))")
    }
  }

  @Test("every prefix of a valid file is handled")
  func prefixes() {
    let specimen = Array(Self.specimen.utf8)
    for length in specimen.indices {
      let sources = InMemorySources(
        bytes: ["test.thrift": Array(specimen[..<length]), "other.thrift": Array(Self.other.utf8)])
      let result = FrontEnd(loader: sources).compile(["test.thrift"])
      #expect(result.hasErrors == result.diagnostics.contains { $0.severity == .error })
    }
  }

  private func mutate(_ bytes: inout [UInt8], using random: inout SmallGenerator) {
    let start = Int.random(in: 0..<bytes.count, using: &random)
    let end = min(bytes.count, start + Int.random(in: 0...20, using: &random))
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes[start] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes.removeSubrange(start..<end)
    case 2: bytes.insert(contentsOf: bytes[start..<end], at: Int.random(in: 0...bytes.count, using: &random))
    case 3:
      let target = Int.random(in: 0..<bytes.count, using: &random)
      bytes.swapAt(start, target)
    case 4: bytes.removeSubrange(start...)
    default: bytes.insert(contentsOf: Array((Self.pieces.randomElement(using: &random) ?? "").utf8), at: start)
    }
    if bytes.isEmpty { bytes = [0x7B] }
  }
}

/// Random numbers that are the same in every run (SplitMix64, Steele, Lea and Flood 2014).
struct SmallGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
