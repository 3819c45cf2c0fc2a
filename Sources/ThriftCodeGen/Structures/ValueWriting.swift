import ThriftIDL

/// Prints the writing of values: scalars and structs by a call, containers by a loop.
struct ValueWriting {
  private let module: Module
  /// How many loops are around this one; variables of inner loops get a number.
  private let depth: Int

  init(_ module: Module, depth: Int = 1) {
    self.module = module
    self.depth = depth
  }

  /// Prints the statements that write a whole field.
  func printField(_ property: Property, _ value: String, to printer: inout SwiftPrinter) {
    let name = SwiftLiteral.string(property.thriftName)
    if module.isContainer(property.type) {
      printer.line("try writer.writeFieldBegin(\(name), \(module.wireType(property.type)), \(property.id))")
      print(property.type, value, to: &printer)
      printer.line("try writer.writeFieldEnd()")
    } else {
      printer.line("try writer.writeField(\(name), \(property.id), \(value))")
    }
  }

  private func print(_ type: TypeUse, _ value: String, to printer: inout SwiftPrinter) {
    switch module.program.underlying(type).shape {
    case .void, .typedef, .base, .enumeration, .structure: printer.line("try writer.write(\(value))")
    case .list(let element): printElements(of: "List", element, value, to: &printer)
    case .set(let element): printElements(of: "Set", element, value, to: &printer)
    case .map(let key, let element):
      printer.line(
        "try writer.writeMapBegin(\(module.wireType(key)), \(module.wireType(element)), count: \(value).count)")
      printer.block("for (\(local("key")), \(local("element"))) in \(value)") { printer in
        inner.print(key, local("key"), to: &printer)
        inner.print(element, local("element"), to: &printer)
      }
      printer.line("try writer.writeMapEnd()")
    }
  }

  private func printElements(
    of kind: String, _ element: TypeUse, _ value: String, to printer: inout SwiftPrinter
  ) {
    printer.line("try writer.write\(kind)Begin(\(module.wireType(element)), count: \(value).count)")
    printer.block("for \(local("element")) in \(value)") { printer in
      inner.print(element, local("element"), to: &printer)
    }
    printer.line("try writer.write\(kind)End()")
  }

  private var inner: ValueWriting { ValueWriting(module, depth: depth + 1) }

  private func local(_ name: String) -> String { depth == 1 ? name : "\(name)\(depth)" }
}
