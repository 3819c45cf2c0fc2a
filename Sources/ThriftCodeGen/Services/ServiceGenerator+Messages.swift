import ThriftIDL

// The structs that travel: the arguments of a call and its answer.
extension ServiceGenerator {
  /// Prints the arguments of every function as a struct.
  func printArguments(to printer: inout SwiftPrinter) {
    printer.documentation("The arguments of the functions, as they travel.")
    printTypes(functions, in: "Arguments", to: &printer) { printer, function, scope in
      let generator = StructureGenerator(
        module, thriftName: function.function.name, name: function.name, conformance: "ThriftStruct",
        properties: function.arguments, in: scope)
      generator.print(to: &printer)
    }
  }

  /// Prints the answer of every function that gives one as a struct.
  func printResults(to printer: inout SwiftPrinter) {
    let answering = functions.filter { !$0.function.isOneway }
    printer.documentation("The answers of the functions, as they travel: a result or an exception.")
    printTypes(answering, in: "Results", to: &printer) { printer, function, scope in
      let scope = scope.inside(types: ["Success"], values: ReservedNames.result)
      let success = function.returnsNothing ? [] : [Property(success: function.function.returnType)]
      let generator = StructureGenerator(
        module, thriftName: function.function.name + "_result", name: function.name, conformance: "ThriftResult",
        properties: success + function.exceptions, in: scope)
      generator.print(to: &printer) { printAnswer(function, to: &$0, in: scope) }
    }
  }

  private func printTypes(
    _ functions: [FunctionPlan], in name: String, to printer: inout SwiftPrinter,
    type printType: (inout SwiftPrinter, FunctionPlan, Scope) -> Void
  ) {
    let scope = scope.inside(types: functions.map(\.name.text))
    printer.block("\(access)enum \(name)") { printer in
      for (index, function) in functions.enumerated() {
        if index > 0 { printer.blank() }
        printType(&printer, function, scope)
      }
    }
  }

  private func printAnswer(_ function: FunctionPlan, to printer: inout SwiftPrinter, in scope: Scope) {
    let type = module.typeName(function.function.returnType, in: scope)
    printer.line("\(access)typealias Success = \(type)")
    printer.blank()
    if function.returnsNothing {
      printer.line("\(access)init(success: Swift::Void) {}")
    } else {
      printer.line("\(access)init(success: \(type)) { self.success = success }")
    }
    printer.blank()
    printer.block("\(access)init?(declared error: any Swift::Error)") { printer in
      if function.exceptions.isEmpty { return printer.line("return nil") }
      printer.line("switch error {")
      for exception in function.exceptions {
        let exceptionType = module.typeName(exception.type, in: scope)
        printer.line("case let error as \(exceptionType): self.\(exception.name.member) = error")
      }
      printer.line("default: return nil")
      printer.line("}")
    }
    printer.blank()
    printer.block("\(access)func get() throws -> \(type)?") { printer in
      if !function.returnsNothing { printer.line("if let value = self.success { return value }") }
      for exception in function.exceptions {
        printer.line("if let error = self.\(exception.name.member) { throw error }")
      }
      printer.line(function.returnsNothing ? "return ()" : "return nil")
    }
  }
}
