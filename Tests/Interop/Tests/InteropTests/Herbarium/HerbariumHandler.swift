import PlantsIDL
import SeaThrift

/// The herbarium that peers call.
struct HerbariumHandler: Plants.Register.Handler {
  private let jotted = Notebook()

  /// What was jotted down.
  private actor Notebook {
    var notes: [String] = []

    func add(_ note: String) { notes.append(note) }
  }

  /// An error that no method declares.
  struct Spill: Error, CustomStringConvertible {
    let description = "secret"
  }

  func ping() async throws {}

  func echoBool(value: Bool) async throws -> Bool { value }
  func echoI8(value: Int8) async throws -> Int8 { value }
  func echoI16(value: Int16) async throws -> Int16 { value }
  func echoI32(value: Int32) async throws -> Int32 { value }
  func echoI64(value: Int64) async throws -> Int64 { value }
  func echoDouble(value: Double) async throws -> Double { value }
  func echoString(value: String) async throws -> String { value }
  func echoBinary(value: [UInt8]) async throws -> [UInt8] { value }
  func echoRank(value: Plants.Rank) async throws -> Plants.Rank { value }
  func echoInstant(value: Plants.Instant) async throws -> Plants.Instant { value }
  func echoSpecimen(value: Plants.Specimen) async throws -> Plants.Specimen { value }
  func echoObservation(value: Plants.Observation) async throws -> Plants.Observation { value }
  func echoBranch(value: Plants.Branch) async throws -> Plants.Branch { value }
  func echoUntouched(value: Plants.Untouched) async throws -> Plants.Untouched { value }
  func echoDrawers(value: Plants.Drawers) async throws -> Plants.Drawers { value }
  func echoList(value: [Int32]) async throws -> [Int32] { value }
  func echoSet(value: Set<String>) async throws -> Set<String> { value }
  func echoMap(value: [String: Plants.Index]) async throws -> [String: Plants.Index] { value }
  func echoUUID(value: ThriftUUID) async throws -> ThriftUUID { value }
  func echoTicket(value: Plants.Ticket) async throws -> Plants.Ticket { value }

  func file(sheet: Plants.Sheet) async throws -> Plants.Sheet { sheet }
  func recall(number: Int32) async throws -> Plants.LaterSheet { .sample(number) }

  func sample() async throws -> Plants.Specimen { .sample }
  func isSample(value: Plants.Specimen) async throws -> Bool { value == .sample }
  func untouched() async throws -> Plants.Untouched { Plants.Untouched() }

  func join(
    sure: Bool, tiny: Int8, small: Int16, plain: Int32, large: Int64, real: Double, text: String, bytes: [UInt8],
    rank: Plants.Rank
  ) async throws -> String {
    "\(sure) \(tiny) \(small) \(plain) \(large) \(real) \(text) \(bytes.count) \(rank.rawValue)"
  }

  func grow(seed: String, times: Int32) async throws -> String { String(repeating: seed, count: Int(times)) }

  func find(number: Int32) async throws -> Plants.Specimen {
    switch number {
    case 404: throw Plants.NotFound(number: number, hint: "look elsewhere")
    case 410:
      throw Plants.Withdrawn(
        reason: "eaten by beetles", origin: .LOST, successor: Plants.Name(genus: "Armeria", species: "pungens"))
    case 500: throw Spill()
    default:
      var found = Plants.Specimen.sample
      found.number = number
      return found
    }
  }

  func discard(number: Int32) async throws {
    if number == 404 { throw Plants.NotFound(number: number, hint: "nothing to discard") }
  }

  func fail() async throws -> String { throw Spill() }

  func jot(note: String) async throws { await jotted.add(note) }

  func notes(prefix: String) async throws -> [String] {
    await jotted.notes.filter { $0.hasPrefix(prefix) }
  }
}
