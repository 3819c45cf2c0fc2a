import ThriftIDL

/// Prints an enum: a struct around its number, so that numbers without a name are values too.
struct EnumerationGenerator {
  private let module: Module
  private let definition: Definition
  /// The values, with their Swift names.
  private let values: [(value: EnumerationValue, name: SwiftName)]

  init(_ module: Module, _ definition: Definition) {
    self.module = module
    self.definition = definition
    let values = definition.enumeration?.values ?? []
    self.values = Array(zip(values, module.valueNames(of: definition.id)))
  }

  /// Prints the declaration.
  func print(to printer: inout SwiftPrinter) {
    let access = module.access.modifier
    let name = module.names.name(of: definition.id)
    printer.block("\(access)struct \(name.identifier): SeaThrift::ThriftEnum") { printer in
      printer.line("\(access)let rawValue: Swift::Int32")
      printer.blank()
      printer.line("\(access)init(rawValue: Swift::Int32) { self.rawValue = rawValue }")
      if values.first?.value.documentation == nil, !values.isEmpty { printer.blank() }
      for (value, name) in values {
        if value.documentation != nil { printer.blank() }
        printer.documentation(value.documentation)
        printer.line("\(access)static var \(name.identifier): Self { Self(rawValue: \(value.rawValue)) }")
      }
      printer.blank()
      // Numbers, not names: of those the type checker takes thousands.
      let numbers = firstOfEachNumber.map { String($0.value.rawValue) }
      printer.list(
        "\(access)static let allCases: [Self] = ([", numbers, "] as [Swift::Int32]).map { Self(rawValue: $0) }")
      printer.blank()
      printer.line("\(access)static var thriftName: Swift::String { \(SwiftLiteral.string(definition.name)) }")
      printer.blank()
      printer.block("\(access)static func name(of rawValue: Swift::Int32) -> Swift::String?") { printer in
        printNames(to: &printer)
      }
    }
  }

  private func printNames(to printer: inout SwiftPrinter) {
    if values.isEmpty { return printer.line("return nil") }
    // Not a switch expression: of those the type checker takes seconds when there are a thousand cases.
    printer.line("switch rawValue {")
    for (value, _) in firstOfEachNumber {
      printer.line("case \(value.rawValue): return \(SwiftLiteral.string(value.name))")
    }
    printer.line("default: return nil")
    printer.line("}")
  }

  /// The values without those whose number an earlier one has.
  private var firstOfEachNumber: [(value: EnumerationValue, name: SwiftName)] {
    var numbers: Set<Int32> = []
    return values.filter { numbers.insert($0.value.rawValue).inserted }
  }
}
