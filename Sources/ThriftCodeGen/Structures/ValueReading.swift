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
    print(type, sentAs: nil, to: &printer)
  }

  /// - Parameter wireType: the variable that holds the type of an integer, which may be of another size on the wire.
  private mutating func print(_ type: TypeUse, sentAs wireType: String?, to printer: inout SwiftPrinter) -> String {
    let sentAs = wireType.map { "sentAs: \($0)" }
    switch module.program.underlying(type).shape {
    case .void, .typedef: return "()"
    case .base(let base): return "try reader.\(base.readFunction)(\(sentAs ?? ""))"
    case .enumeration:
      let arguments = [module.metatype([type], in: scope), sentAs].compactMap(\.self).joined(separator: ", ")
      return "try reader.readEnum(\(arguments))"
    case .structure: return "try reader.readStruct(\(module.metatype([type], in: scope)))"
    case .list(let element):
      return printContainer(type, "List", [element], to: &printer) { reading, printer, number, types in
        let value = reading.print(element, sentAs: types[0], to: &printer)
        printer.line("list\(number).append(\(value))")
      }
    case .set(let element):
      return printContainer(type, "Set", [element], to: &printer) { reading, printer, number, types in
        let value = reading.print(element, sentAs: types[0], to: &printer)
        printer.line("set\(number).insert(\(value))")
      }
    case .map(let key, let element):
      return printContainer(type, "Map", [key, element], to: &printer) { reading, printer, number, types in
        let keyValue = reading.print(key, sentAs: types[0], to: &printer)
        printer.line("let key\(number) = \(keyValue)")
        let value = reading.print(element, sentAs: types[1], to: &printer)
        printer.line("map\(number)[key\(number)] = \(value)")
      }
    }
  }

  /// - Parameter printElement: is given the number of the container's variables, and the variables that hold the types of
  ///   those elements that are integers.
  private mutating func printContainer(
    _ type: TypeUse, _ kind: String, _ elements: [TypeUse], to printer: inout SwiftPrinter,
    element printElement: (inout ValueReading, inout SwiftPrinter, String, [String?]) -> Void
  ) -> String {
    containers += 1
    let number = containers == 1 ? "" : String(containers)
    let container = kind.lowercased() + number
    let reservation = "reader.reservation(for: count\(number), of: \(module.metatype(elements, in: scope)))"
    let names = elements.count == 1 ? ["element"] : ["keyType", "valueType"]
    let wireTypes = zip(elements, names).map { module.isInteger($0) ? $1 + number : nil }
    printer.line("let \(beginning(kind, elements, number, wireTypes))")
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
    printer.block("for _ in 0..<count\(number)") { printElement(&self, &$0, number, wireTypes) }
    printer.line("try reader.read\(kind)End()")
    return container
  }

  /// What reads the beginning of a container: how many elements there are, and of which types where that is not fixed.
  private func beginning(_ kind: String, _ elements: [TypeUse], _ number: String, _ wireTypes: [String?]) -> String {
    let expected = elements.map(module.wireType).joined(separator: ", to: ")
    guard wireTypes.contains(where: { $0 != nil }) else {
      return "count\(number) = try reader.read\(kind)Begin(of: \(expected))"
    }
    let variables = (wireTypes.map { $0 ?? "_" } + ["count\(number)"]).joined(separator: ", ")
    return "(\(variables)) = try reader.read\(kind)Begin(accepting: \(expected))"
  }
}
