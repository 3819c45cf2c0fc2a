import Foundation
import SeaThriftWire
import Testing

@Suite struct WireLimitsTests {
  @Test("the defaults are the reference's")
  func defaults() throws {
    let limits = WireLimits()
    #expect(limits.maxMessageBytes == 104_857_600)
    #expect(limits.maxFrameBytes == 16_384_000)
    #expect(limits.maxStringBytes == 104_857_600)
    #expect(limits.maxContainerElements == 2_147_483_647)
    #expect(limits.maxDepth == 64)
    try limits.validate()
  }

  @Test("a limit out of its range is named, with its value and the range")
  func validation() {
    let cases: [(WritableKeyPath<WireLimits, Int>, Int, String)] = [
      (\.maxMessageBytes, 0, "maxMessageBytes"), (\.maxFrameBytes, -1, "maxFrameBytes"),
      (\.maxStringBytes, 2_147_483_648, "maxStringBytes"), (\.maxContainerElements, 0, "maxContainerElements"),
      (\.maxDepth, 1_001, "maxDepth"),
    ]
    for (path, value, name) in cases {
      var limits = WireLimits()
      limits[keyPath: path] = value
      let error = #expect(throws: WireLimits.ValidationError.self) { try limits.validate() }
      #expect(error?.field == name)
      #expect(error?.value == value)
      #expect(error?.description.hasPrefix("WireLimits.\(name) is \(value); it must be from 1 to ") == true)
    }
  }

  @Test("limits that were not checked do no harm", arguments: [Int.min, -1, 0, 1, Int.max])
  func unchecked(value: Int) throws {
    let limits = WireLimits(
      maxMessageBytes: value, maxFrameBytes: value, maxStringBytes: value, maxContainerElements: value, maxDepth: value)
    _ = try? Sample.full.thriftBytes(limits: limits)
    _ = try? Sample(thriftBytes: Sample.full.thriftBytes(), limits: limits)
    let deep = try? Tree(levels: 64).thriftBytes(limits: limits)
    #expect((deep != nil) == (value == .max))
  }

  @Test("limits that a document does not name have their defaults")
  func partial() throws {
    let limits = try JSONDecoder().decode(WireLimits.self, from: Data(#"{"maxMessageBytes": 7}"#.utf8))
    #expect(limits == WireLimits(maxMessageBytes: 7))
  }

  @Test("they are Codable")
  func codable() throws {
    let limits = WireLimits(maxMessageBytes: 5, maxDepth: 6)
    let json = try JSONEncoder().encode(limits)
    #expect(try JSONDecoder().decode(WireLimits.self, from: json) == limits)
  }
}
