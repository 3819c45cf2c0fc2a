import ThriftIDL

/// Prints the reading of values: scalars and structs by a call, containers by a loop.
struct ValueReading {
  private let module: Module
  private let scope: Scope
  /// How many containers were read so far; the variables of all but the first get a number.
  private var containers = 0

  init(_ module: Module, _ scope: Scope) {
    self.module = module
    self.scope = scope
  }

  /// Prints the statements that read a value and returns the expression that then is the value.
  mutating func print(_ type: TypeUse, to printer: inout SwiftPrinter) -> String {
    switch module.program.underlying(type).shape {
    case .void, .typedef: return "()"
    case .base(let base): return "try reader.\(base.readFunction)()"
    case .enumeration: return "try reader.readEnum(\(module.metatype([type], in: scope)))"
    case .structure: return "try reader.readStruct(\(module.metatype([type], in: scope)))"
    case .list(let element):
      let begin = "readListBegin(of: \(module.wireType(element)))"
      return printContainer(type, of: [element], "List", begin, to: &printer) { reading, printer, number in
        let value = reading.print(element, to: &printer)
        printer.line("list\(number).append(\(value))")
      }
    case .set(let element):
      let begin = "readSetBegin(of: \(module.wireType(element)))"
      return printContainer(type, of: [element], "Set", begin, to: &printer) { reading, printer, number in
        let value = reading.print(element, to: &printer)
        printer.line("set\(number).insert(\(value))")
      }
    case .map(let key, let element):
      let begin = "readMapBegin(of: \(module.wireType(key)), to: \(module.wireType(element)))"
      return printContainer(type, of: [key, element], "Map", begin, to: &printer) { reading, printer, number in
        let keyValue = reading.print(key, to: &printer)
        printer.line("let key\(number) = \(keyValue)")
        let value = reading.print(element, to: &printer)
        printer.line("map\(number)[key\(number)] = \(value)")
      }
    }
  }

  private mutating func printContainer(
    _ type: TypeUse, of elements: [TypeUse], _ kind: String, _ begin: String, to printer: inout SwiftPrinter,
    element printElement: (inout ValueReading, inout SwiftPrinter, String) -> Void
  ) -> String {
    containers += 1
    let number = containers == 1 ? "" : String(containers)
    let container = kind.lowercased() + number
    let reservation = "reader.reservation(for: count\(number), of: \(module.metatype(elements, in: scope)))"
    printer.line("let count\(number) = try reader.\(begin)")
    if kind == "List" {
      printer.line("var \(container): \(module.typeName(type, in: scope)) = []")
      printer.line("\(container).reserveCapacity(\(reservation))")
    } else {
      // Not `reserveCapacity`, which is not specialised and costs more than to fill a small container. The type is
      // spelled out as a property may hide its name, except between angle brackets.
      let parameters = elements.map { module.typeName($0, in: scope) }.joined(separator: ", ")
      let generic = kind == "Map" ? "Dictionary" : "Set"
      printer.line("var \(container) = Swift::\(generic)<\(parameters)>(minimumCapacity: \(reservation))")
    }
    printer.block("for _ in 0..<count\(number)") { printElement(&self, &$0, number) }
    printer.line("try reader.read\(kind)End()")
    return container
  }
}
