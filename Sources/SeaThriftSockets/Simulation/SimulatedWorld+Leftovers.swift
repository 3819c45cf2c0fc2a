extension SimulatedWorld {
  /// What is still there when a run is over; one line for each kind of thing and host, none when all is well.
  package var leftovers: [String] {
    var lines: [String] = []
    if sleepers > 0 { lines.append("\(sleepers) sleeping tasks") }
    for loop in allLoops {
      let name = loop.isDead ? "\(loop.host.name) (before its crash)" : loop.host.name
      if loop.loop.pendingTimers > 0 { lines.append("\(loop.loop.pendingTimers) timers on \(name)") }
      if loop.loop.hasWork { lines.append("jobs that did not run on \(name)") }
    }
    for host in hosts {
      for listener in host.listeners.values.sorted(by: { $0.id < $1.id }) {
        lines.append("a listener at \(listener.address) on \(host.name)")
      }
      for (id, socket) in host.sockets.sorted(by: { $0.key < $1.key }) where socket.isOpenForProcess {
        lines.append("connection #\(id) from \(host.name) to \(socket.peer)")
      }
      if host.descriptors > 0, lines.isEmpty { lines.append("\(host.descriptors) descriptors on \(host.name)") }
    }
    return lines
  }

  /// Lets go of everything; the world is of no use afterwards.
  package func tearDown() {
    for host in hosts { host.tearDown() }
    for loop in allLoops { loop.tearDown() }
    hosts = []
    hostsByAddress = [:]
    links = [:]
    allLoops = []
    dropEvents()
  }
}
