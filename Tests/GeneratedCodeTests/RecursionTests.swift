import SeaThrift
import Testing

@Suite("Generated types that contain themselves")
struct RecursionTests {
  private static func chain(_ length: Int) -> sample.Tree {
    (1..<length).reduce(sample.Tree(value: 0)) { tree, value in sample.Tree(value: Int32(value), left: tree) }
  }

  @Test("a tree survives in every protocol", arguments: ThriftFormat.allCases)
  func tree(format: ThriftFormat) throws {
    let tree = sample.Tree(
      value: 1, left: .init(value: 2), right: .init(value: 3, left: .init(value: 4)),
      children: [.init(value: 5), .init(value: 6, children: [.init(value: 7)])], named: ["x": .init(value: 8)])
    #expect(try sample.Tree(thriftBytes: tree.thriftBytes(format), format) == tree)
    let expression = sample.Expression.negated(.sum(.init(left: .number(1), right: .all([.number(2), .all([])]))))
    #expect(try sample.Expression(thriftBytes: expression.thriftBytes(format), format) == expression)
  }

  @Test("a copy does not change with the original")
  func copies() {
    var tree = Self.chain(3)
    let copy = tree
    tree.left?.left?.value = 99
    #expect(copy.left?.left?.value == 0)
    #expect(tree.left?.left?.value == 99)
    tree.left = nil
    #expect(copy.left != nil)
  }

  @Test("64 levels are read, and 65 are an error and no crash", arguments: ThriftFormat.allCases)
  func depth(format: ThriftFormat) throws {
    var generous = WireLimits.default
    generous.maxDepth = 1000
    let deepest = Self.chain(64)
    #expect(try sample.Tree(thriftBytes: deepest.thriftBytes(format, limits: generous), format) == deepest)
    let tooDeep = try Self.chain(65).thriftBytes(format, limits: generous)
    let error = #expect(throws: CodecError.self) { try sample.Tree(thriftBytes: tooDeep, format) }
    #expect(error?.code == .depthLimitExceeded)
  }
}
