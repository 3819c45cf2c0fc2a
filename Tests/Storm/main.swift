import Glibc
import SeaThriftTesting

let usage = """
  usage: SeaThriftStorm trace SEED [KIND]        prints every event of one storm
         SeaThriftStorm run FIRST COUNT [KIND]   runs storms, and says how calls ended in them
         SeaThriftStorm spend SECONDS FIRST      does so for some time, with as many seeds as there is time for
         SeaThriftStorm speed                    says how many calls a second are simulated
  KIND is storm (anything goes wrong) or outage (some servers are sick, the others well); run has both by default.

  """

func number(_ index: Int) -> UInt64? {
  CommandLine.arguments.indices.contains(index) ? UInt64(CommandLine.arguments[index]) : nil
}

let kind = CommandLine.arguments.last.flatMap(StormKind.init)

do {
  switch (CommandLine.arguments.dropFirst().first, number(2), number(3)) {
  case ("trace", let seed?, nil):
    for line in try await completeTrace(of: seed, kind ?? .storm) { print(line) }
  case ("run", let first?, let count?):
    try await runStorms(first..<first + count, kind.map { [$0] } ?? StormKind.allCases)
  case ("spend", let seconds?, let first?):
    try await runStorms(first..<UInt64.max, StormKind.allCases, within: .seconds(seconds))
  case ("speed", nil, nil):
    try await measureSpeed()
  default:
    print(usage)
    exit(2)
  }
} catch {
  print(error)
  exit(1)
}
