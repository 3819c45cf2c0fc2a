import PlantsIDL
import SeaThrift
import Testing

/// The calls of our client, each compared with what it must bring.
struct HerbariumChecks {
  /// Knows methods that no server has.
  let herbarium: Plants.Conservatory.Client
  /// Knows other versions of the archive's structs and methods.
  let archive: Plants.OtherArchive.Client
  /// `nil` for a peer without uuids.
  let register: Plants.Register.Client?
  let peer: Peer
  /// Whether texts with a NUL in them come back whole: Apache's JSON for C++ 0.17 drops it when it reads.
  var keepsNUL = true

  static let mebibyte = 1 << 20

  /// Makes every call.
  func makeAllCalls() async throws {
    try await scalars()
    try await text()
    try await largeValues()
    try await uuids()
    try await structs()
    try await unions()
    try await containers()
    try await nestedContainers()
    try await severalArguments()
    try await declaredExceptions()
    try await undeclaredExceptions()
    try await unknownMethods()
    try await otherVersions()
    try await oneway()
  }

  func declaredExceptions() async throws {
    #expect(try await herbarium.find(number: 7).number == 7)
    await #expect(throws: Plants.NotFound(number: 404, hint: "look elsewhere")) {
      try await herbarium.find(number: 404)
    }
    let withdrawn = Plants.Withdrawn(
      reason: "eaten by beetles", origin: .LOST, successor: Plants.Name(genus: "Armeria", species: "pungens"))
    await #expect(throws: withdrawn) { try await herbarium.find(number: 410) }
    try await herbarium.discard(number: 1)
    await #expect(throws: Plants.NotFound(number: 404, hint: "nothing to discard")) {
      try await herbarium.discard(number: 404)
    }
  }

  func undeclaredExceptions() async throws {
    // C++ gives no reason.
    let kind: ApplicationException.Kind = peer == .cpp ? .unknown : .internalError
    await expectRefusal(kind) { _ = try await herbarium.find(number: 500) }
    await expectRefusal(kind) { _ = try await herbarium.fail() }
    try await herbarium.ping()
    guard peer == .python else { return }
    // Only Python sends a struct without its required field.
    let error = await #expect(throws: RPCError.self) { try await herbarium.find(number: 204) }
    #expect(error?.underlying.code == .protocolError)
    try await herbarium.ping()
  }

  func unknownMethods() async throws {
    var plant = Plants.Specimen.sample
    plant.scan = Plants.LaterSheet.sample(1).thumbnail
    plant.observations = nil
    await expectRefusal(.unknownMethod) { _ = try await herbarium.water(litres: 3, plant: plant) }
    await expectRefusal(.unknownMethod) { try await archive.burn(number: 3, why: .sample(3)) }
    try await herbarium.ping()
  }

  func otherVersions() async throws {
    let sheet = Plants.Sheet.sample(12)
    let echo = try await archive.file(sheet: .sample(12), shelf: 9)
    #expect(echo == Plants.LaterSheet(number: 12, title: sheet.title, keywords: sheet.keywords))
    #expect(try await archive.recall(number: 12, reader: "reader") == sheet)
    #expect(try await herbarium.recall(number: 12) == .sample(12))
    #expect(try await herbarium.file(sheet: sheet) == sheet)
  }

  func oneway() async throws {
    let note = "swift \(UInt64.random(in: 0 ... .max))"
    try await herbarium.jot(note: note)
    #expect(try await herbarium.notes(prefix: note) == [note])
  }

  private func expectRefusal(
    _ kind: ApplicationException.Kind, sourceLocation: SourceLocation = #_sourceLocation,
    _ call: () async throws -> Void
  ) async {
    let error = await #expect(throws: RPCError.self, sourceLocation: sourceLocation) { try await call() }
    #expect(error?.underlying.code == .applicationException, sourceLocation: sourceLocation)
    let refusal = error?.underlying.cause as? ApplicationException
    #expect(refusal?.kind == kind, sourceLocation: sourceLocation)
  }
}

extension RPCError {
  /// The error of the attempt that ended the call.
  fileprivate var underlying: RPCError { attempts.last?.error as? RPCError ?? self }
}
