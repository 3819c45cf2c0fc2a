extension Module {
  /// Prints the functions that read and write one protocol each.
  ///
  /// The protocol extension of the runtime has the same ones, but the code that the optimiser makes of those in another
  /// module is slower: the benchmark's `Payload` took 416 ns to write with them, and 242 ns with these.
  func printEntryPoints(to printer: inout SwiftPrinter) {
    let access = access.modifier
    let error = "SeaThrift::CodecError"
    for format in ["Binary", "Compact", "JSON"] {
      printer.blank()
      printer.block(
        "\(access)static func decode(_ reader: inout SeaThrift::\(format)Reader) throws(\(error)) -> Self"
      ) { $0.line("try Self(from: &reader)") }
      printer.blank()
      printer.block("\(access)func encode(_ writer: inout SeaThrift::\(format)Writer) throws(\(error))") {
        $0.line("try self.write(to: &writer)")
      }
    }
  }
}
