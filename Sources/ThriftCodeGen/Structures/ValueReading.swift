import ThriftIDL

/// Prints the reading of values: scalars and structs by a call, containers by a loop.
struct ValueReading {
  private let module: Module
  private let scope: Scope
  /// How many loops are around this one; variables of inner loops get a number.
  private let depth: Int

  init(_ module: Module, _ scope: Scope, depth: Int = 1) {
    self.module = module
    self.scope = scope
    self.depth = depth
  }

  /// Prints the statements that read a value and returns the expression that then is the value.
  func print(_ type: TypeUse, to printer: inout SwiftPrinter) -> String {
    switch module.program.underlying(type).shape {
    case .void, .typedef: return "()"
    case .base(let base): return "try reader.\(base.readFunction)()"
    case .enumeration: return "try reader.readEnum(\(module.metatype([type], in: scope)))"
    case .structure: return "try reader.readStruct(\(module.metatype([type], in: scope)))"
    case .list(let element):
      return printContainer(type, "list", [element], begin: "readListBegin(of: \(module.wireType(element)))", to: &printer)
      { printer, list in
        let value = inner.print(element, to: &printer)
        printer.line("\(list).append(\(value))")
      }
    case .set(let element):
      return printContainer(type, "set", [element], begin: "readSetBegin(of: \(module.wireType(element)))", to: &printer)
      { printer, set in
        let value = inner.print(element, to: &printer)
        printer.line("\(set).insert(\(value))")
      }
    case .map(let key, let element):
      let begin = "readMapBegin(of: \(module.wireType(key)), to: \(module.wireType(element)))"
      return printContainer(type, "map", [key, element], begin: begin, to: &printer) { printer, map in
        let keyValue = inner.print(key, to: &printer)
        printer.line("let \(local("key")) = \(keyValue)")
        let value = inner.print(element, to: &printer)
        printer.line("\(map)[\(local("key"))] = \(value)")
      }
    }
  }

  private var inner: ValueReading { ValueReading(module, scope, depth: depth + 1) }

  private func local(_ name: String) -> String { depth == 1 ? name : "\(name)\(depth)" }

  private func printContainer(
    _ type: TypeUse, _ kind: String, _ elements: [TypeUse], begin: String, to printer: inout SwiftPrinter,
    element printElement: (inout SwiftPrinter, String) -> Void
  ) -> String {
    let container = local(kind)
    let count = local("count")
    let kindName = kind.prefix(1).uppercased() + kind.dropFirst()
    printer.line("let \(count) = try reader.\(begin)")
    printer.line("var \(container): \(module.typeName(type, in: scope)) = \(kind == "map" ? "[:]" : "[]")")
    let reservation = "reader.reservation(for: \(count), of: \(module.metatype(elements, in: scope)))"
    printer.line("\(container).reserveCapacity(\(reservation))")
    printer.block("for _ in 0..<\(count)") { printElement(&$0, container) }
    printer.line("try reader.read\(kindName)End()")
    return container
  }
}
