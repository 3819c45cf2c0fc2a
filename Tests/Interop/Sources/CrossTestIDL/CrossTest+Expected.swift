extension CrossTest {
  /// What `testMapMap` returns.
  package static let mapMap: [Int32: [Int32: Int32]] = [
    -4: [-4: -4, -3: -3, -2: -2, -1: -1], 4: [1: 1, 2: 2, 3: 3, 4: 4],
  ]

  /// What `testInsanity` returns for an argument.
  package static func insanity(_ argument: Insanity) -> [Int64: [Numberz: Insanity]] {
    [1: [.TWO: argument, .THREE: argument], 2: [.SIX: Insanity()]]
  }
}
