import Glibc

// SeaThriftStudy [FOLDER]: what policies do for a service under stress, simulated. Prints tables, and writes a plot for
// each into the folder. `SeaThriftStudy choosing` prints what choosing an endpoint costs instead, for an optimized build.

let folder = CommandLine.arguments.dropFirst().first

if folder == "choosing" {
  print(choosingTable())
  exit(0)
}

for study in [retryStorm, hedging, balancing, panicking, thousand] {
  let plot = try await study()
  print(plot.text)
  guard let folder else { continue }
  guard let file = fopen("\(folder)/\(plot.name).svg", "w") else {
    print("cannot write to \(folder)")
    exit(1)
  }
  fputs(plot.svg, file)
  fclose(file)
}
