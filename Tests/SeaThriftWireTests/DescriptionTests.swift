import SeaThriftWire
import Testing

@Suite struct DescriptionTests {
  @Test("a value reads like the call that makes it")
  func whole() {
    #expect(
      Sample.full.description == """
        Sample(flag: true, byte: -2, short: -300, int: 70000, long: -5000000000, number: 0.5, text: "héllo", \
        data: <00ff>, id: 00112233-4455-6677-8899-aabbccddeeff, color: blue, \
        tree: Tree(value: 1, kids: [Tree(value: 2, kids: [])]), shorts: [7], flags: ["on": true])
        """)
    #expect(Sample().description == "Sample(flag: false)")
  }

  @Test("several elements and entries are separated, an empty map has a colon, numbers without a name show")
  func separators() {
    var sample = Sample()
    sample.tree = Tree(0, [Tree(1), Tree(2)])
    sample.flags = [:]
    sample.color = Color(rawValue: 3)
    sample.text = "a\"\n"
    #expect(
      sample.description == #"""
        Sample(flag: false, text: "a\"\n", color: Color(3), \#
        tree: Tree(value: 0, kids: [Tree(value: 1, kids: []), Tree(value: 2, kids: [])]), flags: [:])
        """#)
    sample = Sample()
    sample.flags = ["a": true, "b": false]
    #expect(
      [
        "Sample(flag: false, flags: [\"a\": true, \"b\": false])",
        "Sample(flag: false, flags: [\"b\": false, \"a\": true])",
      ]
      .contains(sample.description))
  }

  @Test("what is long is cut, and says how long it is")
  func bounds() {
    var sample = Sample()
    sample.data = [UInt8](repeating: 0xAB, count: 1000)
    #expect(sample.description == "Sample(flag: false, data: <\(String(repeating: "ab", count: 32))… (1000 bytes)>)")
    sample = Sample()
    sample.text = String(repeating: "é", count: 1000)
    #expect(
      sample.description == "Sample(flag: false, text: \"\(String(repeating: "é", count: 64))…\" (2000 bytes))")
    let many = Tree(0, (0..<100_000).map { Tree($0) }).description
    #expect(many.utf8.count < 5000)
    #expect(many.hasSuffix("…"))
    #expect(Tree(levels: 1000).description.hasSuffix("…"))
  }

  @Test("exceptions, too, and enums by name")
  func others() {
    #expect("\(Color.blue)" == "blue")
    #expect("\(Color(rawValue: -1))" == "Color(-1)")
  }
}
