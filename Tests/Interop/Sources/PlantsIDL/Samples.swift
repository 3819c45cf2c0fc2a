// The values that all programs know.

extension Plants.Name {
  /// Sea thrift itself.
  public static let armeria = Self(genus: "Armeria", species: "maritima")
}

extension Plants.Specimen {
  /// A specimen with every field set, save two optional ones.
  public static let sample = Self(
    number: 1753, flowering: true, petals: 5, leaves: -300, collected: 1_700_000_000_123, height: 0.125,
    label: "Armeria maritima \u{2013} Strandnelke \u{1f30a}", scan: (0...255).map { UInt8($0) }, rank: .SPECIES,
    name: .armeria, observation: .heights([0.1, -2.5]),
    places: [
      Plants.Place(latitude: 54.4, longitude: 10.2, hint: "cliff"), Plants.Place(latitude: -33.9, longitude: 18.4),
    ],
    tags: ["coast", "salt"], counts: ["seen": 9_007_199_254_740_993, "kept": -1], origin: .GIFT,
    wasFlowering: false, pistils: 1, stamens: 5, predecessor: -1752, remark: "", pollen: [],
    synonym: Plants.Name(genus: "Statice", species: "armeria", rank: .VARIETY),
    observations: [.count(3), .name(.armeria), .photo([0xff, 0])], habit: .sample, guard: "none")
}

extension Plants.Branch {
  /// A branch with a few twigs and a leader.
  public static let sample = Self(
    label: "base",
    twigs: [Self(label: "left"), Self(label: "right", twigs: [Self(label: "tip")])],
    leader: Self(label: "top"))
}

extension Plants.Sheet {
  /// The sheet with a number, as the first catalogue knows it.
  public static func sample(_ number: Int32) -> Self {
    Self(number: number, title: "sheet \(number)", keywords: ["dry", "flat"])
  }
}

extension Plants.LaterSheet {
  /// The sheet with a number, with everything that a later catalogue knows of it.
  public static func sample(_ number: Int32) -> Self {
    Self(
      number: number, title: "sheet \(number)", keywords: ["dry", "flat"], digitised: true, copies: -8, room: -1600,
      cabinet: 320_000, accession: 1 << 40, width: 21,
      // Apache's library for Python takes unknown binary fields for text and fails when they are not UTF-8.
      thumbnail: [0x00, 0x01, 0x7f],
      origin: .BOUGHT, scan: Plants.Scan(file: "a", layers: [1: ["red", "green"]]),
      scans: [Plants.Scan(file: "b"), Plants.Scan(file: "c", layers: [-1: []])], loans: [1, -1],
      measures: ["x": [3: [1.5, 2.5]], "y": [:]], curator: "Carl", pages: [true, false, true])
  }
}
