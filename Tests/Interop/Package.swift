// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "Interop",
  dependencies: [.package(name: "SeaThrift", path: "../..")],
  targets: [
    .target(
      name: "PlantsIDL", dependencies: [.product(name: "SeaThrift", package: "SeaThrift")],
      swiftSettings: settings, plugins: [.plugin(name: "SeaThriftPlugin", package: "SeaThrift")]),
    .target(
      name: "CrossTestIDL", dependencies: [.product(name: "SeaThrift", package: "SeaThrift")],
      swiftSettings: settings, plugins: [.plugin(name: "SeaThriftPlugin", package: "SeaThrift")]),
    .executableTarget(
      name: "CrossTestServer", dependencies: ["CrossTestIDL", .product(name: "SeaThrift", package: "SeaThrift")],
      swiftSettings: settings),
    .executableTarget(
      name: "CrossTestClient", dependencies: ["CrossTestIDL", .product(name: "SeaThrift", package: "SeaThrift")],
      swiftSettings: settings),
    .executableTarget(
      name: "Transcoder",
      dependencies: ["CrossTestIDL", .product(name: "SeaThrift", package: "SeaThrift")],
      swiftSettings: settings, plugins: [.plugin(name: "SeaThriftPlugin", package: "SeaThrift")]),
    .testTarget(
      name: "InteropTests", dependencies: ["PlantsIDL", .product(name: "SeaThrift", package: "SeaThrift")],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
