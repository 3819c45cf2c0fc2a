/// The groups of nodes of a graph that can all reach each other: Tarjan's algorithm, with a stack of its own so that
/// long chains need no deep recursion.
struct StronglyConnectedComponents {
  /// The number of each node's group.
  private(set) var numbers: [Int]

  private static let unseen = -1

  /// - Parameters:
  ///   - nodeCount: nodes are numbered from 0 to this number.
  ///   - edges: from and to.
  init(nodeCount: Int, edges: [(Int, Int)]) {
    var outgoing = [[Int]](repeating: [], count: nodeCount)
    for (source, target) in edges { outgoing[source].append(target) }
    numbers = [Int](repeating: Self.unseen, count: nodeCount)
    var order = [Int](repeating: Self.unseen, count: nodeCount)
    var lowest = order
    var open: [Int] = []
    var nextOrder = 0
    var nextNumber = 0
    for root in 0..<nodeCount where order[root] == Self.unseen {
      var trail: [(node: Int, nextEdge: Int)] = [(root, 0)]
      while let (node, edge) = trail.last {
        if edge == 0, order[node] == Self.unseen {
          order[node] = nextOrder
          lowest[node] = nextOrder
          nextOrder += 1
          open.append(node)
        }
        if edge < outgoing[node].count {
          trail[trail.count - 1].nextEdge += 1
          let target = outgoing[node][edge]
          if order[target] == Self.unseen {
            trail.append((target, 0))
          } else if numbers[target] == Self.unseen {
            lowest[node] = min(lowest[node], order[target])
          }
          continue
        }
        trail.removeLast()
        if let parent = trail.last?.node { lowest[parent] = min(lowest[parent], lowest[node]) }
        guard lowest[node] == order[node] else { continue }
        while let member = open.popLast() {
          numbers[member] = nextNumber
          if member == node { break }
        }
        nextNumber += 1
      }
    }
  }
}
