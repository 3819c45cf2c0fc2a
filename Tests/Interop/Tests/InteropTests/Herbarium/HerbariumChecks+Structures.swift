import PlantsIDL
import SeaThrift
import Testing

extension HerbariumChecks {
  func structs() async throws {
    #expect(try await herbarium.sample() == .sample)
    #expect(try await herbarium.isSample(value: .sample))
    #expect(try await herbarium.echoSpecimen(value: .sample) == .sample)
    var other = Plants.Specimen.sample
    other.habit?.twigs[1].twigs[0].label = "broken"
    #expect(try await herbarium.isSample(value: other) == false)

    #expect(try await herbarium.untouched() == Plants.Untouched())
    let touched = Plants.Untouched(
      shelf: 1, primes: [], letters: [:], rank: .FAMILY, pressed: false, scale: -0.5,
      place: Plants.Place(latitude: 1, longitude: 2), large: 1, inks: [], zero: 3, empty: "x", nothing: "y")
    #expect(try await herbarium.echoUntouched(value: touched) == touched)

    var branch = Plants.Branch(label: "tip")
    for depth in 0..<20 {
      branch = Plants.Branch(label: "\(depth)", twigs: [branch], leader: depth.isMultiple(of: 7) ? branch : nil)
    }
    #expect(try await herbarium.echoBranch(value: branch) == branch)
  }

  func unions() async throws {
    let observations: [Plants.Observation] = [
      .count(.min), .note(""), .name(.armeria), .heights([]), .photo([0]), .rank(.VARIETY),
    ]
    for observation in observations {
      #expect(try await herbarium.echoObservation(value: observation) == observation)
    }
  }

  func containers() async throws {
    for list in [[], Array(-5000..<5000)] as [[Int32]] { #expect(try await herbarium.echoList(value: list) == list) }
    for set in [[], ["", "a", "\u{e9}"]] as [Set<String>] { #expect(try await herbarium.echoSet(value: set) == set) }
    let map: [String: Plants.Index] = ["": [:], "x": ["y": [], "z": [1, -2, 3]]]
    #expect(try await herbarium.echoMap(value: map) == map)
  }

  func nestedContainers() async throws {
    let other = Plants.Name(genus: "Armeria", species: "", rank: .GENUS)
    let drawers = Plants.Drawers(
      rows: [[1, 2], [], [-3]], loans: [[1, -1], []], labels: [[:], [-7: "a", 8: ""]], paths: [[1, 2], [], [3]],
      names: [.armeria, other], ranks: [.FAMILY, .VARIETY], indexes: ["a": ["b": [1], "c": []], "d": [:]],
      finds: [.armeria: [Plants.Place(latitude: 1, longitude: -1)], other: []],
      seen: [.SPECIES: [.count(1), .note("n")]], votes: [1 << 40: [true: ["yes"], false: []], -1: [:]],
      deep: [[[[1: Plants.Place(hint: "h")], [:]], []], []], flags: [true, false, true], bytes: [0, -128, 127],
      doubles: [0.1, -1e300], scans: [[], [0x80, 0x00]], rounded: [0.5: 1, -1.5: -2])
    #expect(try await herbarium.echoDrawers(value: drawers) == drawers)
    #expect(try await herbarium.echoDrawers(value: Plants.Drawers()) == Plants.Drawers())
  }
}
