import ThriftIDL

/// Prints a service: an enum that holds what a server implements, what a client calls, and the methods' descriptions.
struct ServiceGenerator {
  let module: Module
  let definition: Definition
  let functions: [FunctionPlan]
  let inherited: [FunctionPlan]
  /// The inside of the enum.
  let scope: Scope

  var access: String { module.access.modifier }
  var name: SwiftName { module.names.name(of: definition.id) }

  init(_ module: Module, _ definition: Definition, in scope: Scope) {
    self.module = module
    self.definition = definition
    functions = module.functions(of: definition.id)
    inherited = module.inheritedFunctions(of: definition.id)
    self.scope = scope.inside(
      types: ReservedNames.serviceTypes,
      values: ReservedNames.service.union((functions + inherited).map(\.name.text)))
  }

  /// Prints the declaration.
  func print(to printer: inout SwiftPrinter) {
    printer.block("nonisolated \(access)enum \(name.identifier): SeaThrift::DeclaredService") { printer in
      printer.line("\(access)static let serviceName: Swift::String = \(SwiftLiteral.string(definition.name))")
      let names = functions.map { SwiftLiteral.string("\(definition.name).\($0.function.name)") }
      let parent =
        definition.service?.parent.map { " + \(module.expressionReference($0, in: scope)).methodNames" } ?? ""
      printer.line("\(access)static let methodNames: [Swift::String] = [\(names.joined(separator: ", "))]\(parent)")
      printer.blank()
      printHandler(to: &printer)
      printer.blank()
      printClient(to: &printer)
      for function in functions {
        printer.blank()
        printDescriptor(function, to: &printer)
      }
      for function in inherited {
        printer.blank()
        printInheritedDescriptor(function, to: &printer)
      }
      printer.blank()
      printFactory(to: &printer)
      printer.blank()
      printArguments(to: &printer)
      printer.blank()
      printResults(to: &printer)
    }
  }

  private func printHandler(to printer: inout SwiftPrinter) {
    let parent = definition.service?.parent.map { module.typeReference($0, in: scope) + ".Handler" }
    printer.documentation("What a server of `\(definition.name)` implements.")
    let inherited = parent ?? module.inherited("ThriftHandler", in: scope)
    printer.block("\(access)protocol Handler: \(inherited)") {
      printer in
      for (index, function) in functions.enumerated() {
        if index > 0 { printer.blank() }
        printDocumentation(of: function, to: &printer)
        let parameters = function.arguments.map { argument in
          "\(argument.name.parameterLabel): \(module.typeName(of: argument, in: scope))"
        }
        printer.list(
          "nonisolated(nonsending) func \(function.name.identifier)(", parameters,
          ") async throws\(result(of: function, in: scope))")
      }
    }
  }

  private func printFactory(to printer: inout SwiftPrinter) {
    let methods = (functions + inherited).map { function in
      let arguments = function.arguments.map { argument in
        "\(argument.name.callLabel): arguments.\(argument.name.member)"
      }
      let parameter = arguments.isEmpty ? "_" : "arguments"
      var printer = SwiftPrinter()
      let descriptor = function.name.member + (function.isIdempotent ? ".descriptor" : "")
      printer.line("SeaThrift::ServiceMethod(Self.\(descriptor)) { \(parameter) in")
      printer.indented { printer in
        printer.list("try await handler.\(function.name.member)(", arguments, ")")
      }
      return printer.text + "}"
    }
    printer.documentation("The service as a server hosts it, every method bound to a handler.")
    printer.block("\(access)static func service(_ handler: some Handler) -> SeaThrift::ThriftService") { printer in
      printer.list("SeaThrift::ThriftService(\(SwiftLiteral.string(definition.name)), [", methods, "])")
    }
  }

  /// The arrow and the type that a method returns; nothing for `void`.
  func result(of function: FunctionPlan, in scope: Scope) -> String {
    function.returnsNothing ? "" : " -> " + module.typeName(function.function.returnType, in: scope)
  }

  /// Prints a function's comment, with those of its arguments.
  func printDocumentation(of function: FunctionPlan, to printer: inout SwiftPrinter) {
    printer.documentation(function.function.documentation)
    let documented = function.arguments.filter { $0.documentation != nil }
    if documented.isEmpty { return }
    if function.function.documentation != nil { printer.line("///") }
    for argument in documented {
      let text = argument.documentation?.split(separator: "\n").joined(separator: " ") ?? ""
      printer.documentation("- Parameter \(argument.name.text): \(text)")
    }
  }
}
