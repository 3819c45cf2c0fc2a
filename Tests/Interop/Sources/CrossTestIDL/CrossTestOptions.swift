import Glibc
package import SeaThrift

/// The flags of Apache's cross-language test, as `--name value` or `--name=value`.
package struct CrossTestOptions: Sendable {
  /// Where the server listens, and the client connects to, unless there is a domain socket.
  package var port = 9090
  package var host = "localhost"
  package var domainSocket: String?
  package var isAbstract = false
  package var transport = "buffered"
  package var `protocol` = "binary"
  package var isMultiplexed = false
  package var stringLimit: Int?
  package var containerLimit: Int?
  package var loops = 1
  package var threads = 1

  /// What a program that cannot do what it is told ends with.
  package static let usageStatus: Int32 = 64

  /// Reads the flags of this process; ends it when they make no sense, or ask for what there is not yet.
  ///
  /// - Parameter shortN: the long name of `-n`, which is not the same for both programs.
  package static func ofProcess(shortN: String) -> Self {
    var options = Self()
    do {
      try options.read(Array(CommandLine.arguments.dropFirst()), shortN: shortN)
    } catch {
      refuse("\(error)")
    }
    return options
  }

  private struct Unknown: Error, CustomStringConvertible {
    let description: String
  }

  private static func refuse(_ text: String) -> Never {
    say(text, to: 2)
    exit(usageStatus)
  }

  private mutating func read(_ words: [String], shortN: String) throws {
    var rest = words[...]
    while let word = rest.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let name = ["-n": "--" + shortN, "-t": "--threads", "-h": "--help"][parts[0]] ?? parts[0]
      var value: String {
        get throws {
          if parts.count > 1 { return parts[1] }
          guard let next = rest.popFirst() else { throw Unknown(description: "\(name) needs a value") }
          return next
        }
      }
      switch name {
      case "--help":
        say(Self.help)
        exit(0)
      case "--port": port = try Self.number(name, try value)
      case "--host": host = try value
      case "--domain-socket": domainSocket = try value
      case "--abstract-namespace": isAbstract = true
      case "--transport": transport = try Self.choice(name, try value, ["buffered", "framed", "http", "zlib"])
      case "--protocol": `protocol` = try Self.choice(name, try value, Self.protocols)
      case "--multiplex": isMultiplexed = true
      case "--string-limit": stringLimit = try Self.number(name, try value)
      case "--container-limit": containerLimit = try Self.number(name, try value)
      case "--testloops": loops = try Self.number(name, try value)
      case "--threads": threads = try Self.number(name, try value)
      case "--workers": _ = try Self.number(name, try value)
      case "--server-type":
        _ = try Self.choice(name, try value, ["simple", "threaded", "thread-pool", "nonblocking"])
      case "--processor-events": break
      case "--keys": _ = try value
      case "--zlib": transport = "zlib"
      case "--ssl": Self.refuse("--ssl: there is no TLS yet")
      default: throw Unknown(description: "what does \(word) mean?")
      }
    }
    if transport == "zlib" { Self.refuse("--zlib: there is no compression yet") }
  }

  private static let protocols = ["binary", "compact", "json", "header", "multi", "multic", "multij", "multih"]

  private static let help = """
    --port=N --host=H --domain-socket=PATH --abstract-namespace
    --transport=buffered|framed|http --protocol=\(protocols.joined(separator: "|")) --multiplex
    --string-limit=N --container-limit=N --processor-events
    server: --server-type=T -n|--workers=N    client: -n|--testloops=N -t|--threads=N
    """

  private static func number(_ name: String, _ text: String) throws -> Int {
    guard let number = Int(text), number >= 0 else { throw Unknown(description: "\(name) is a number, not \(text)") }
    return number
  }

  private static func choice(_ name: String, _ text: String, _ choices: [String]) throws -> String {
    guard choices.contains(text) else {
      throw Unknown(description: "\(name) is one of \(choices.joined(separator: ", ")), not \(text)")
    }
    return text
  }

  /// How messages are told apart: `header` is put on top of the transport.
  package var framing: Framing {
    let hasHeader = ["header", "multih"].contains(`protocol`)
    switch transport {
    case "framed": return hasHeader ? .framedHeader : .framed
    case "http": return hasHeader ? .httpHeader : .http
    default: return hasHeader ? .header : .unframed
    }
  }

  /// How messages are encoded.
  package var format: ThriftFormat {
    switch `protocol` {
    case "compact", "multic", "header", "multih": .compact
    case "json", "multij": .json
    default: .binary
    }
  }

  /// Whether methods are named with their service.
  package var usesServiceNames: Bool { isMultiplexed || `protocol`.hasPrefix("multi") }

  /// The domain socket, if there is one.
  package var unixAddress: EndpointAddress? {
    domainSocket.map { isAbstract ? .abstractUnix($0) : .unix($0) }
  }

  /// The limits that were asked for.
  package var limits: WireLimits {
    var limits = WireLimits()
    if let stringLimit, stringLimit > 0 { limits.maxStringBytes = stringLimit }
    if let containerLimit, containerLimit > 0 { limits.maxContainerElements = containerLimit }
    return limits
  }
}

/// Prints a line at once, whatever the output is.
package func say(_ text: String, to descriptor: Int32 = 1) {
  let bytes = Array((text + "\n").utf8)
  _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
}
