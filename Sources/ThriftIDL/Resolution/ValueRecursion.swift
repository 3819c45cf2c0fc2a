/// Finds the circles in which structs hold each other by value.
struct ValueRecursion {
  /// A field of one struct that holds another one (or the same) by value.
  struct Edge {
    /// The struct that has the field.
    let source: Int
    /// The index of the field.
    let field: Int
    /// The struct that it holds.
    let target: Int
    /// How firmly the value belongs to the struct.
    let tie: Tie
  }

  /// How firmly a field's value belongs to its struct.
  enum Tie {
    /// The value may be absent, or is one choice of several: it can be moved to the heap.
    case breakable
    /// The field says nothing, so that the value can be made optional when all else fails.
    case loose
    /// The value must be there.
    case firm
  }

  /// The edges that are part of a circle.
  let edgesInCircles: [Edge]

  /// The loose edges that are part of a circle without a breakable edge.
  let loosenedEdges: [Edge]

  /// The firm edges that are part of a circle of firm edges.
  let tiedEdges: [Edge]

  /// Circles of firm edges: one of each group of structs that are tied up like that, a shortest one through the first
  /// of them.
  let firmCircles: [[Edge]]

  /// The loose edges that lead to structs of which there is no finite value: those in circles of firm edges, and those
  /// that must hold one of these.
  let endlessEdges: [Edge]

  /// - Parameters:
  ///   - nodeCount: structs are numbered from 0 to this number.
  ///   - edges: all fields that hold a struct by value.
  init(nodeCount: Int, edges: [Edge]) {
    edgesInCircles = ValueRecursion.edgesInCircles(edges, nodeCount: nodeCount)
    let unbroken = ValueRecursion.edgesInCircles(edgesInCircles.filter { $0.tie != .breakable }, nodeCount: nodeCount)
    loosenedEdges = unbroken.filter { $0.tie == .loose }
    let tied = ValueRecursion.edgesInCircles(unbroken.filter { $0.tie == .firm }, nodeCount: nodeCount)
    tiedEdges = tied
    let endless = ValueRecursion.nodes(leadingTo: Set(tied.map(\.source)), along: edges.filter { $0.tie == .firm })
    endlessEdges = edges.filter { $0.tie == .loose && endless.contains($0.target) }
    let components = StronglyConnectedComponents(nodeCount: nodeCount, edges: tied.map { ($0.source, $0.target) })
    var starts: [Int: Int] = [:]
    for edge in tied {
      let component = components.numbers[edge.source]
      starts[component] = min(starts[component] ?? edge.source, edge.source)
    }
    let outgoing = Dictionary(grouping: tied, by: \.source)
    firmCircles = starts.values.sorted().map { ValueRecursion.shortestCircle(from: $0, outgoing) }
  }

  private static func edgesInCircles(_ edges: [Edge], nodeCount: Int) -> [Edge] {
    let components = StronglyConnectedComponents(nodeCount: nodeCount, edges: edges.map { ($0.source, $0.target) })
    return edges.filter { components.numbers[$0.source] == components.numbers[$0.target] }
  }

  /// The nodes from which edges lead to one of `targets`, and these.
  private static func nodes(leadingTo targets: Set<Int>, along edges: [Edge]) -> Set<Int> {
    let incoming = Dictionary(grouping: edges, by: \.target)
    var nodes = targets
    var pending = Array(targets)
    while let node = pending.popLast() {
      for edge in incoming[node] ?? [] where nodes.insert(edge.source).inserted { pending.append(edge.source) }
    }
    return nodes
  }

  /// A breadth-first walk until it is back at its start.
  private static func shortestCircle(from start: Int, _ outgoing: [Int: [Edge]]) -> [Edge] {
    var arrivals: [Int: Edge] = [:]
    var queue = [start]
    var head = 0
    while head < queue.count, arrivals[start] == nil {
      for edge in outgoing[queue[head]] ?? [] where arrivals[edge.target] == nil {
        arrivals[edge.target] = edge
        queue.append(edge.target)
      }
      head += 1
    }
    var circle: [Edge] = []
    var next = arrivals[start]
    while let edge = next {
      circle.append(edge)
      next = edge.source == start ? nil : arrivals[edge.source]
    }
    return circle.reversed()
  }
}
