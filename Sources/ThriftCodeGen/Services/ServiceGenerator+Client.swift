import ThriftIDL

extension ServiceGenerator {
  /// Prints the client: one method for each function, inherited ones too.
  func printClient(to printer: inout SwiftPrinter) {
    printer.documentation("Calls the functions of `\(definition.name)`.")
    printer.block("\(access)struct Client: SeaThrift::ThriftClient") { printer in
      printer.documentation("What makes the calls.")
      printer.line("\(access)let caller: any SeaThrift::ThriftCaller")
      printer.blank()
      printer.documentation("Creates a client that calls through `caller`.")
      printer.block("\(access)init(_ caller: any SeaThrift::ThriftCaller)") { printer in
        printer.line("self.caller = caller")
      }
      for function in functions + inherited {
        printer.blank()
        printMethod(function, to: &printer)
      }
    }
  }

  private func printMethod(_ function: FunctionPlan, to printer: inout SwiftPrinter) {
    let scope = scope.inside(values: function.arguments.map(\.name.text))
    printDocumentation(of: function, to: &printer)
    printer.list(
      "nonisolated(nonsending) \(access)func \(function.name.identifier)(",
      module.parameters(function.arguments, declaredDefaultsOnly: true, in: scope),
      ") async throws\(result(of: function, in: scope)) {")
    printer.indented { printer in
      let service = module.expressionReference(function.service, in: scope)
      let arguments = function.arguments.map { "\($0.name.callLabel): \($0.name.identifier)" }
      let descriptor = function.name.member + (function.isIdempotent ? ".descriptor" : "")
      printer.list("try await self.caller.call(\(service).\(descriptor), .init(", arguments, "))")
    }
    printer.line("}")
  }
}
