import ThriftIDL

/// Prints a union: an enum with one case for each member, and one for what the IDL does not know.
struct UnionGenerator {
  private let module: Module
  private let definition: Definition
  private let properties: [Property]
  private let scope: Scope

  init(_ module: Module, _ definition: Definition, in scope: Scope) {
    self.module = module
    self.definition = definition
    properties = module.properties(of: definition.id)
    self.scope = scope.inside(values: ReservedNames.union.union(properties.map(\.name.text)))
  }

  /// Prints the declaration.
  func print(to printer: inout SwiftPrinter) {
    let access = module.access.modifier
    let name = module.names.name(of: definition.id)
    let conformance = module.inherited("ThriftUnion", in: scope)
    printer.block("\(access)enum \(name.identifier): \(conformance)") { printer in
      printCases(to: &printer)
      printer.blank()
      printer.line("\(access)static var thriftName: Swift::String { \(SwiftLiteral.string(definition.name)) }")
      printer.blank()
      printer.block(access + StructureReading.signature) { printReading(to: &$0) }
      printer.blank()
      printer.block(access + StructureWriting.signature) { printWriting(to: &$0) }
      module.printEntryPoints(to: &printer)
    }
  }

  private func printCases(to printer: inout SwiftPrinter) {
    for property in properties {
      printer.documentation(property.documentation)
      let type = module.typeName(property.type, in: scope)
      printer.line("\(property.isBoxed ? "indirect " : "")case \(property.name.identifier)(\(type))")
    }
    printer.documentation("A member that this version of the IDL does not know, or none at all.")
    printer.line("case unknown(SeaThrift::UnknownUnionMember)")
  }

  /// Of several members the last one counts; a known number with an unexpected type is an unknown member.
  private func printReading(to printer: inout SwiftPrinter) {
    printer.line("self = .unknown(.empty)")
    StructureReading.printLoop(to: &printer) { printer in
      for property in properties {
        printer.line("case (\(property.id), \(module.wireType(property.type))):")
        printer.indented { printer in
          var reading = ValueReading(module, scope)
          let value = reading.print(property.type, to: &printer)
          printer.line("self = .\(property.name.member)(\(value))")
        }
      }
      printer.line("default:")
      printer.line("  self = .unknown(try SeaThrift::UnknownUnionMember(from: &reader, field))")
    }
  }

  private func printWriting(to printer: inout SwiftPrinter) {
    printer.line("try writer.writeStructBegin(\(SwiftLiteral.string(definition.name)))")
    printer.line("switch self {")
    for property in properties {
      printer.line("case .\(property.name.member)(let value):")
      printer.indented { ValueWriting(module).printField(property, "value", to: &$0) }
    }
    printer.line("case .unknown(let member):")
    printer.line("  try member.writeField(to: &writer)")
    printer.line("}")
    StructureWriting.printEnd(to: &printer)
  }
}
