// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func program(_ name: String) -> Target {
  .executableTarget(
    name: name, dependencies: ["BenchService", .product(name: "SeaThrift", package: "SeaThrift")],
    swiftSettings: settings)
}

let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "SeaThrift", path: "../..")],
  targets: [
    .target(
      name: "BenchService", dependencies: [.product(name: "SeaThrift", package: "SeaThrift")],
      swiftSettings: settings, plugins: [.plugin(name: "SeaThriftPlugin", package: "SeaThrift")]),
    program("bench-server"),
    program("bench-client"),
    program("bench-chain"),
    program("bench-codec"),
    program("bench-large"),
    program("bench-pair"),
    program("bench-overload"),
    program("bench-policies"),
    .executableTarget(name: "bench-load"),
    .executableTarget(name: "bench-limit"),
    .executableTarget(name: "bench-greedy"),
    .target(name: "CAllocationCount"),
    .executableTarget(
      name: "bench-allocations",
      dependencies: ["BenchService", "CAllocationCount", .product(name: "SeaThrift", package: "SeaThrift")],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
