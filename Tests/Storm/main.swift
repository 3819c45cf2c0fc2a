import Glibc
import SeaThriftTesting

let usage = """
  usage: SeaThriftStorm trace SEED       prints every event of one storm
         SeaThriftStorm run FIRST COUNT  runs storms, and says how calls ended in them
         SeaThriftStorm speed            says how many calls a second are simulated

  """

func number(_ index: Int) -> UInt64? {
  CommandLine.arguments.indices.contains(index) ? UInt64(CommandLine.arguments[index]) : nil
}

do {
  switch (CommandLine.arguments.dropFirst().first, number(2), number(3)) {
  case ("trace", let seed?, nil):
    for line in try await completeTrace(of: seed) { print(line) }
  case ("run", let first?, let count?):
    try await runStorms(first..<first + count)
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
