// swift-tools-version: 6.2
import PackageDescription

let seaThrift: Target.Dependency = .product(name: "SeaThrift", package: "SeaThrift")

let package = Package(
  name: "Calculator",
  dependencies: [
    // A package outside this repository names SeaThrift by its URL and a version instead.
    .package(name: "SeaThrift", path: "../..")
  ],
  targets: [
    // The plugin turns the .thrift files of this target into Swift whenever it is built.
    .target(
      name: "CalculatorAPI", dependencies: [seaThrift],
      plugins: [.plugin(name: "SeaThriftPlugin", package: "SeaThrift")]),
    .executableTarget(name: "CalculatorServer", dependencies: ["CalculatorAPI", seaThrift]),
    .executableTarget(name: "CalculatorClient", dependencies: ["CalculatorAPI", seaThrift]),
  ],
  swiftLanguageModes: [.v6]
)
