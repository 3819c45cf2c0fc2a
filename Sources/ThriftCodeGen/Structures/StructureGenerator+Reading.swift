import ThriftIDL

extension StructureGenerator {
  /// Prints the initializer that reads: every value is what it is initially, then those that are there are read.
  ///
  /// The values are variables until the end: a property that is set twice would be a copy of the whole struct.
  func printReading(to printer: inout SwiftPrinter) {
    let required = properties.filter(\.isRequired)
    printer.block(access + StructureReading.signature) { printer in
      for (index, property) in properties.enumerated() {
        let type = module.typeName(of: property, in: scope)
        printer.line("var \(value(index)): \(type) = \(module.initialValue(of: property, in: scope))")
      }
      for word in 0..<(required.count + 63) / 64 { printer.line("var \(seen(word)): Swift::UInt64 = 0") }
      StructureReading.printLoop(to: &printer) { printer in
        var requiredIndex = 0
        for (index, property) in properties.enumerated() {
          printer.line("case (\(property.id), \(module.wireType(property.type))):")
          printer.indented { printer in
            var reading = ValueReading(module, scope)
            let expression = reading.print(property.type, to: &printer)
            printer.line("\(value(index)) = \(expression)")
            if property.isRequired {
              printer.line("\(seen(requiredIndex / 64)) |= \(bit(requiredIndex))")
              requiredIndex += 1
            }
          }
        }
        printer.line("default:")
        printer.line("  try reader.skip(field.type)")
      }
      for (index, property) in required.enumerated() {
        printer.block("if \(seen(index / 64)) & \(bit(index)) == 0") { printer in
          printer.line("throw \(missing(property))")
        }
      }
      for (index, property) in properties.enumerated() {
        printer.line("self.\(property.name.member) = \(value(index))")
      }
    }
  }

  /// The error for a required property without value.
  func missing(_ property: Property) -> String {
    let message = "\(thriftName).\(property.thriftName) is required and missing"
    return "SeaThrift::CodecError(.missingRequiredField, \(SwiftLiteral.string(message)))"
  }

  private func value(_ index: Int) -> String { "value\(index + 1)" }

  private func seen(_ word: Int) -> String { word == 0 ? "seen" : "seen\(word + 1)" }

  private func bit(_ index: Int) -> String {
    "0x" + String(UInt64(1) << UInt64(index % 64), radix: 16, uppercase: true)
  }
}

/// What the reading of structs and unions has in common.
enum StructureReading {
  static let signature = """
    init(from reader: inout some SeaThrift::ThriftReader & ~Swift::Copyable) throws(SeaThrift::CodecError)
    """

  /// Prints the reading of all fields; `cases` prints what is done with each.
  static func printLoop(to printer: inout SwiftPrinter, cases: (inout SwiftPrinter) -> Void) {
    printer.line("try reader.readStructBegin()")
    printer.block("while true") { printer in
      printer.line("let field = try reader.readFieldBegin()")
      printer.line("if field.type == .stop { break }")
      printer.line("switch (field.id, field.type) {")
      cases(&printer)
      printer.line("}")
      printer.line("try reader.readFieldEnd()")
    }
    printer.line("try reader.readStructEnd()")
  }
}
