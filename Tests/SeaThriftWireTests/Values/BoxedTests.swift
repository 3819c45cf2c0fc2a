import SeaThriftWire
import Testing

@Suite struct BoxedTests {
  struct Node: Hashable {
    var value: Int
    @Boxed var next: Node?
  }

  @Test("a type can contain itself")
  func recursion() {
    var list = Node(value: 1, next: Node(value: 2, next: nil))
    list.next?.next = Node(value: 3)
    #expect(list.next?.next?.value == 3)
    list.next = nil
    #expect(list == Node(value: 1))
  }

  @Test("copies do not see each other's changes")
  func copies() {
    let first = Node(value: 1, next: Node(value: 2))
    var second = first
    second.next?.value = 20
    #expect(first.next?.value == 2)
    #expect(second.next?.value == 20)
    second.next?.value = 21
    #expect(second.next?.value == 21)
  }

  @Test("equality and hashes are those of the value")
  func equality() {
    let first = Node(value: 1, next: Node(value: 2))
    let second = Node(value: 1, next: Node(value: 2))
    #expect(first == second)
    #expect(Set([first, second]).count == 1)
    #expect(first != Node(value: 1, next: Node(value: 3)))
    #expect(first != Node(value: 1))
  }
}
