// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

// The compiler of the IDL runs for a tenth of a second, but SwiftPM builds it twice for every package that uses it: to
// optimise it would take longer than it ever saves.
let compilerSettings = settings + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

// As in a package that says nothing: what users read and copy must compile there too. Warnings are still errors.
let plainSettings: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "SeaThrift",
  products: [
    .library(name: "SeaThrift", targets: ["SeaThrift"]),
    .library(name: "Resilience", targets: ["Resilience"]),
    .library(name: "SeaThriftTesting", targets: ["SeaThriftTesting"]),
    .executable(name: "seathrift", targets: ["SeaThriftTool"]),
    // The build plugin finds its tool by a product named like the target.
    .executable(name: "SeaThriftGenerator", targets: ["SeaThriftGenerator"]),
    .plugin(name: "SeaThriftPlugin", targets: ["SeaThriftPlugin"]),
  ],
  targets: [
    // The runtime, bottom up: each target knows only those above it.
    .target(name: "CSeaThriftSystem"),
    .target(name: "SeaThriftTime", swiftSettings: settings),
    .target(
      name: "SeaThriftSockets", dependencies: ["CSeaThriftSystem", "SeaThriftTime"], swiftSettings: settings),
    .target(name: "SeaThriftWire", swiftSettings: settings),
    .target(name: "Resilience", dependencies: ["SeaThriftTime"], swiftSettings: settings),
    .target(
      name: "SeaThrift",
      dependencies: ["SeaThriftTime", "SeaThriftSockets", "SeaThriftWire", "Resilience"],
      swiftSettings: settings),

    .target(
      name: "SeaThriftTesting", dependencies: ["SeaThrift", "SeaThriftSockets", "SeaThriftTime"],
      swiftSettings: settings),

    // The compiler: a .thrift file becomes Swift.
    .target(name: "ThriftIDL", dependencies: ["SeaThriftTime"], swiftSettings: compilerSettings),
    .target(name: "ThriftCodeGen", dependencies: ["ThriftIDL"], swiftSettings: compilerSettings),
    .target(
      name: "ThriftCompiler", dependencies: ["ThriftIDL", "ThriftCodeGen"], swiftSettings: compilerSettings),
    // All that packages with the plugin build: nothing but the compiler belongs here.
    .executableTarget(
      name: "SeaThriftGenerator", dependencies: ["ThriftCompiler"], swiftSettings: compilerSettings),
    .plugin(
      name: "SeaThriftPlugin", capability: .buildTool(), dependencies: ["SeaThriftGenerator"],
      path: "Sources/SeaThriftPlugin"),

    .executableTarget(name: "SeaThriftTool", dependencies: ["ThriftCompiler"], swiftSettings: settings),

    .executableTarget(
      name: "quickstart", dependencies: ["SeaThrift"], path: "Examples/Quickstart", swiftSettings: plainSettings,
      plugins: ["SeaThriftPlugin"]),

    .testTarget(
      name: "SeaThriftTests", dependencies: ["SeaThrift", "SeaThriftSockets", "SeaThriftTesting", "SeaThriftTime"],
      swiftSettings: settings, plugins: ["SeaThriftPlugin"]),
    .testTarget(
      name: "DocumentationTests",
      dependencies: ["SeaThrift", "SeaThriftSockets", "SeaThriftTesting", "SeaThriftTime"],
      swiftSettings: plainSettings, plugins: ["SeaThriftPlugin"]),
    .testTarget(name: "ResilienceTests", dependencies: ["Resilience", "SeaThriftTime"], swiftSettings: settings),
    .testTarget(
      name: "SeaThriftWireTests", dependencies: ["SeaThriftWire", "SeaThriftTime"], resources: [.copy("Resources")],
      swiftSettings: settings),
    .testTarget(name: "ThriftIDLTests", dependencies: ["ThriftIDL", "SeaThriftTime"], swiftSettings: settings),
    .testTarget(
      name: "GeneratedCodeTests", dependencies: ["SeaThrift", "SeaThriftTime", "ThriftIDL"], swiftSettings: settings,
      plugins: ["SeaThriftPlugin"]),
    // A user's target: no upcoming feature, and options of its own in seathrift.json.
    .testTarget(
      name: "GeneratedOptionsTests", dependencies: ["SeaThrift"], swiftSettings: plainSettings,
      plugins: ["SeaThriftPlugin"]),
    // They run the tool, which is built with everything else; it cannot be linked into the tests.
    .testTarget(name: "SeaThriftToolTests", swiftSettings: settings),
    .testTarget(name: "ThriftCodeGenTests", dependencies: ["ThriftCodeGen", "ThriftIDL"], swiftSettings: settings),
    .executableTarget(
      name: "SeaThriftStorm", dependencies: ["SeaThrift", "SeaThriftSockets", "SeaThriftTesting", "SeaThriftTime"],
      path: "Tests/Storm", exclude: ["long"], swiftSettings: settings),
    .executableTarget(
      name: "SeaThriftStudy", dependencies: ["Resilience", "SeaThrift", "SeaThriftTesting", "SeaThriftTime"],
      path: "Tests/Study",
      swiftSettings: settings, plugins: ["SeaThriftPlugin"]),
    .testTarget(
      name: "SimulationTests",
      dependencies: ["SeaThriftStorm", "SeaThrift", "SeaThriftSockets", "SeaThriftTesting", "SeaThriftTime"],
      swiftSettings: settings),
    // Run by tests with few descriptors.
    .executableTarget(
      name: "SeaThriftCrowd", dependencies: ["SeaThrift", "SeaThriftSockets"], path: "Tests/Crowd",
      swiftSettings: settings, plugins: ["SeaThriftPlugin"]),
    .testTarget(
      name: "SeaThriftSocketsTests", dependencies: ["SeaThriftSockets", "SeaThriftTime"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
