import Foundation
import SeaThriftWire

/// Random values and random damage. `FUZZ_ROUNDS` and `FUZZ_SEED` in the environment make tests last longer, and differ.
enum Fuzz {
  static let rounds = number("FUZZ_ROUNDS") ?? 4_000
  static let seed = UInt64(number("FUZZ_SEED") ?? 0) &* 1_000

  private static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }

  /// SplitMix64, so that a failing seed can be run again.
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  /// A random value, nested a few levels deep.
  static func value(_ depth: Int, _ random: inout Generator) -> ThriftValue {
    let text = String(repeating: "aé日", count: Int.random(in: 0...8, using: &random))
    let count = depth == 0 ? 0 : Int.random(in: 0...4, using: &random)
    switch Int.random(in: 0...12, using: &random) {
    case 0: return .bool(.random(using: &random))
    case 1: return .i8(.random(in: .min ... .max, using: &random))
    case 2: return .i16(.random(in: .min ... .max, using: &random))
    case 3: return .i32(.random(in: .min ... .max, using: &random))
    case 4: return .i64(.random(in: .min ... .max, using: &random))
    case 5: return .double(Double(Int16.random(in: .min ... .max, using: &random)) / 8)
    case 6: return .string(text)
    case 7: return .uuid(.random(using: &random))
    case 8, 9:
      return .structure((0..<count).map { .init(id: Int16($0 * 7 + 1), value: value(depth - 1, &random)) })
    case 10:
      let element = value(depth - 1, &random)
      return .list(element.type, Array(repeating: element, count: count))
    case 11:
      let element = value(depth - 1, &random)
      return .set(element.type, count == 0 ? [] : [element])
    default:
      let key = value(max(depth - 1, 0), &random)
      let other = value(max(depth - 1, 0), &random)
      return .map(key.type, other.type, count == 0 ? [] : [.init(key: key, value: other)])
    }
  }

  static func arguments(_ random: inout Generator) -> ThriftValue {
    .structure((1...4).map { .init(id: Int16($0), value: value(4, &random)) })
  }

  /// Changes, removes, repeats or inserts some bytes; numbers that are sizes in disguise are favoured.
  static func damage(_ bytes: [UInt8], _ random: inout Generator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      let length = min(bytes.count - at, Int.random(in: 1...6, using: &random))
      switch Int.random(in: 0...5, using: &random) {
      case 0: bytes[at] = .random(in: 0...255, using: &random)
      case 1: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
      case 2: bytes.removeSubrange(at..<(at + length))
      case 3: bytes.insert(contentsOf: bytes[at..<(at + length)], at: at)
      case 4: bytes.removeSubrange(at...)
      default:
        let sizes: [UInt8] = [0x00, 0x7F, 0x80, 0xFF, 0x0F, 0xF0, 0x01]
        for index in at..<(at + length) { bytes[index] = sizes[Int.random(in: 0..<sizes.count, using: &random)] }
      }
    }
    return bytes
  }
}
