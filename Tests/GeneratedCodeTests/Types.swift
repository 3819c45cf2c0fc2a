import Foundation
import SeaThrift
import Testing
import ThriftIDL

/// The generated type of every struct, union and exception in the test's files.
let generatedTypes: [String: [String: any ThriftStruct.Type]] = [
  "sample": [
    "Empty": sample.Empty.self, "Point": sample.Point.self, "Scalars": sample.Scalars.self,
    "Optionals": sample.Optionals.self, "Defaults": sample.Defaults.self, "Containers": sample.Containers.self,
    "Choice": sample.Choice.self, "Tree": sample.Tree.self, "Expression": sample.Expression.self,
    "Sum": sample.Sum.self, "Failure": sample.Failure.self,
  ],
  "newer": ["Point": newer.Point.self, "Choice": newer.Choice.self],
  "nasty": [
    "Error": nasty.Error.self, "Type": nasty.Type_.self, "Self": nasty.Self_.self, "String": nasty.String.self,
    "Result": nasty.Result.self, "Task": nasty.Task.self, "Optional": nasty.Optional.self, "Array": nasty.Array.self,
    "Dictionary": nasty.Dictionary.self, "Set": nasty.Set.self, "Sendable": nasty.Sendable.self,
    "Hashable": nasty.Hashable.self, "Never": nasty.Never.self, "Any": nasty.`Any`.self,
    "Keywords": nasty.Keywords.self, "Cases": nasty.Cases.self,
    "Exception": nasty.Exception.self,
  ],
  "modules": [
    "Swift": modules.Swift.self, "SeaThrift": modules.SeaThrift.self, "Foundation": modules.Foundation.self,
  ],
]

/// What the compiler's front end knows about a file of the tests.
func program(_ name: String) throws -> Program {
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "IDL/\(name).thrift")
  let sources = InMemorySources(["\(name).thrift": try String(contentsOf: file, encoding: .utf8)])
  return try #require(FrontEnd(loader: sources).compile(["\(name).thrift"]).program)
}
