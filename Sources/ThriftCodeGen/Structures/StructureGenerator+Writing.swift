import ThriftIDL

extension StructureGenerator {
  /// Prints the function that writes all fields in the order of their ids, as Apache's libraries do.
  func printWriting(to printer: inout SwiftPrinter) {
    printer.block(access + StructureWriting.signature) { printer in
      printer.line("try writer.writeStructBegin(\(SwiftLiteral.string(thriftName)))")
      let writing = ValueWriting(module)
      for property in properties.sorted(by: { $0.id < $1.id }) {
        let value = "self.\(property.name.member)"
        guard property.isOptional || module.isUnsetWhenZero(property) else {
          writing.printField(property, value, to: &printer)
          continue
        }
        let isThere = property.isOptional ? "let value = \(value)" : "\(value).rawValue != 0"
        let present = property.isOptional ? "value" : value
        if property.isRequired {
          printer.line("guard \(isThere) else { throw \(missing(property)) }")
          writing.printField(property, present, to: &printer)
        } else {
          printer.block("if \(isThere)") { writing.printField(property, present, to: &$0) }
        }
      }
      StructureWriting.printEnd(to: &printer)
    }
  }
}

/// What the writing of structs, unions and answers has in common.
enum StructureWriting {
  static let signature = """
    func write(to writer: inout some SeaThrift::ThriftWriter & ~Swift::Copyable) throws(SeaThrift::CodecError)
    """

  /// Prints the end of a struct.
  static func printEnd(to printer: inout SwiftPrinter) {
    printer.line("try writer.writeFieldStop()")
    printer.line("try writer.writeStructEnd()")
  }
}
