import SeaThrift
import SeaThriftTesting

func aServerThatDiesIsPassedOver() async throws {
  try await simulate(seed: 7) { world in
    for name in ["a", "b"] {
      world.host(name).start {
        try await ThriftServer(on: .tcp("0.0.0.0", 9090)) { Dictionary.service(DictionaryHandler()) }.run()
      }
    }
    try await world.sleep(for: .seconds(1))
    try await world.host("client").run {
      try await withServiceGroup("words", at: [.tcp("a", 9090), .tcp("b", 9090)]) { group in
        let dictionary = Dictionary.Client(group)
        world.host("a").crash()
        let before = world.now
        _ = try await dictionary.define(word: "thrift")
        try world.check(world.now - before < .milliseconds(150), "one connect timeout, then the next endpoint")
      }
    }
  }
}
