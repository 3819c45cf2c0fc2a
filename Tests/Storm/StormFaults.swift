import SeaThriftTesting

/// Something that goes wrong for a while.
struct StormFault {
  let text: String
  let begin: @Sendable () -> Void
  let end: @Sendable () -> Void

  /// A random fault among the hosts of a plan.
  static func random(in world: World, _ plan: StormPlan, using generator: inout SeededGenerator) -> Self {
    let servers = plan.servers.map { world.host($0.name) }
    let clients = plan.clients.map { world.host($0.name) }
    let all = servers + clients
    let server = generator.pick(servers)
    let any = generator.pick(all)
    switch generator.int(0...13) {
    case 0, 1:
      let (some, others) = (generator.some(all), generator.some(all))
      return Self(text: "partition") {
        world.partition(some, others)
      } end: {
        world.heal(some, others)
      }
    case 2:
      return Self(text: "isolate \(any.name)") {
        world.isolate(any)
      } end: {
        world.rejoin(any)
      }
    case 3:
      return Self(text: "crash \(any.name)") {
        any.crash()
      } end: {
        any.restart()
      }
    case 4:
      return Self(text: "kill \(any.name)") {
        any.kill()
      } end: {
        any.restart()
      }
    case 5:
      return Self(text: "freeze \(server.name)") {
        server.freeze()
      } end: {
        server.thaw()
      }
    case 6:
      return Self(text: "refuse \(server.name)") {
        server.refuseConnections()
      } end: {
        server.admitConnections()
      }
    case 7:
      return Self(text: "ignore \(server.name)") {
        server.ignoreConnections()
      } end: {
        server.admitConnections()
      }
    case 8:
      return Self(text: "reset \(any.name)") {
        world.reset([any], all)
      } end: {
      }
    case 9:
      let rate = generator.int(1...20_000)
      return Self(text: "slow \(any.name)") {
        any.setReadRate(bytesPerSecond: rate)
      } end: {
        any.setReadRate(bytesPerSecond: nil)
      }
    case 10:
      let (other, before, profile) = (generator.pick(all), plan.link, StormPlan.link(using: &generator))
      return Self(text: "link \(any.name)") {
        world.setLink(any, other, profile)
      } end: {
        world.setLink(any, other, before)
      }
    case 11:
      let (ahead, drift) = (generator.milliseconds(1...5000), Double(generator.int(-50...50)) / 1000)
      return Self(text: "clock \(any.name)") {
        any.adjustClock(ahead: ahead, drift: drift)
      } end: {
        any.adjustClock()
      }
    case 12:
      let delay = generator.milliseconds(1...5000)
      let isFailing = generator.chance(0.5)
      let name = generator.pick([server.name, StormPlan.clusterName])
      return Self(text: "name \(name)") {
        world.setName(name, isFailing: isFailing)
        world.setName(name, delay: delay)
      } end: {
        world.setName(name, isFailing: false)
        world.setName(name, delay: .zero)
      }
    default:
      let limit = generator.int(0...10)
      return Self(text: "descriptors \(any.name)") {
        any.setDescriptorLimit(limit)
      } end: {
        any.setDescriptorLimit(1_000_000)
      }
    }
  }

  /// Lays out the faults of a plan; all of them are over when its time is.
  static func schedule(in world: World, _ plan: StormPlan, using generator: inout SeededGenerator) {
    let last = Int(plan.duration / .milliseconds(1))
    for _ in 0..<plan.faultCount {
      let fault = random(in: world, plan, using: &generator)
      let start = generator.int(0...last - 1)
      let length = generator.milliseconds(10...max(20_000, last / 3))
      let end = min(last, start + Int(length / .milliseconds(1)))
      world.schedule(at: .milliseconds(start)) {
        world.note("fault begins: \(fault.text)")
        fault.begin()
      }
      world.schedule(at: .milliseconds(end)) {
        world.note("fault ends: \(fault.text)")
        fault.end()
      }
    }
  }

  /// Makes everything well again, whatever was wrong.
  static func healEverything(in world: World, _ plan: StormPlan) {
    let hosts = (plan.servers.map(\.name) + plan.clients.map(\.name)).map { world.host($0) }
    world.heal()
    world.setName(StormPlan.clusterName, isFailing: false)
    world.setName(StormPlan.clusterName, delay: .zero)
    for host in hosts {
      host.restart()
      host.thaw()
      host.admitConnections()
      host.setReadRate(bytesPerSecond: nil)
      host.setDescriptorLimit(1_000_000)
      host.adjustClock()
      world.setName(host.name, isFailing: false)
      world.setName(host.name, delay: .zero)
      for other in hosts where other != host { world.setLink(host, other, LinkProfile()) }
    }
  }
}
