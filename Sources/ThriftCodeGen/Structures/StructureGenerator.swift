import ThriftIDL

/// Prints a Swift struct with stored properties that reads and writes itself: an IDL's struct or exception, or the
/// arguments of a function.
struct StructureGenerator {
  let module: Module
  /// The name in the IDL, for people.
  let thriftName: String
  let name: SwiftName
  /// What it conforms to.
  let conformance: String
  let properties: [Property]
  /// The inside of the struct.
  let scope: Scope

  var access: String { module.access.modifier }

  init(
    _ module: Module, thriftName: String, name: SwiftName, conformance: String, properties: [Property], in scope: Scope
  ) {
    self.module = module
    self.thriftName = thriftName
    self.name = name
    self.conformance = conformance
    self.properties = properties
    self.scope = scope.inside(
      values: ReservedNames.structure.union(properties.flatMap { [$0.name.text, "_" + $0.name.text] }))
  }

  /// Prints the declaration with a memberwise initializer.
  func print(to printer: inout SwiftPrinter) {
    print(to: &printer) { printer in printInitializer(to: &printer) }
  }

  /// Prints the declaration; `initializers` prints how values are made.
  func print(to printer: inout SwiftPrinter, initializers: (inout SwiftPrinter) -> Void) {
    printer.block("\(access)struct \(name.identifier): SeaThrift::\(conformance)") { printer in
      printThriftName(to: &printer)
      printProperties(to: &printer)
      printer.blank()
      initializers(&printer)
      printer.blank()
      printReading(to: &printer)
      printer.blank()
      printWriting(to: &printer)
      module.printEntryPoints(to: &printer)
    }
  }

  private func printThriftName(to printer: inout SwiftPrinter) {
    printer.line("\(access)static var thriftName: Swift::String { \(SwiftLiteral.string(thriftName)) }")
  }

  private func printProperties(to printer: inout SwiftPrinter) {
    if properties.first?.documentation == nil, !properties.isEmpty { printer.blank() }
    for property in properties {
      if property.documentation != nil { printer.blank() }
      printer.documentation(property.documentation)
      let wrapper = property.isBoxed ? "@SeaThrift::Boxed " : ""
      printer.line("\(wrapper)\(access)var \(property.name.identifier): \(module.typeName(of: property, in: scope))")
    }
  }

  /// Prints the memberwise initializer.
  func printInitializer(to printer: inout SwiftPrinter) {
    printer.list("\(access)init(", module.parameters(properties, in: scope), ") {")
    printer.indented { printer in
      for property in properties {
        printer.line("self.\(property.name.member) = \(property.name.identifier)")
      }
    }
    printer.line("}")
  }

  /// Prints the zero value of a struct that needs many arguments.
  func printZeroValue(of structure: DefinitionID, to printer: inout SwiftPrinter) {
    printer.blank()
    printer.documentation("What stands for a value of this type that is missing in a message.")
    printer.line("\(access)static var thriftZero: Self { \(module.zeroValue(of: structure, in: scope)) }")
  }
}

extension Module {
  /// The Swift type of a property.
  func typeName(of property: Property, in scope: Scope) -> String {
    typeName(property.type, in: scope) + (property.isOptional ? "?" : "")
  }

  /// Properties as parameters of an initializer or a function; all but the required ones have default arguments.
  ///
  /// - Parameter declaredDefaultsOnly: whether only a default of the IDL makes a parameter one that may be left out, as in
  ///   a client's method, where a forgotten argument must not become a zero.
  func parameters(_ properties: [Property], declaredDefaultsOnly: Bool = false, in scope: Scope) -> [String] {
    properties.map { property in
      let parameter = "\(property.name.parameterLabel): \(typeName(of: property, in: scope))"
      if property.defaultValue == nil, property.isRequired || declaredDefaultsOnly { return parameter }
      return "\(parameter) = \(initialValue(of: property, in: scope))"
    }
  }

  /// What a property holds when nothing is given or read: the declared default, or zero.
  func initialValue(of property: Property, in scope: Scope) -> String {
    if let value = property.defaultValue {
      return expression(value, of: property.type, isOptional: property.isOptional, in: scope)
    }
    return property.isOptional ? "nil" : zeroValue(property.type, in: scope)
  }
}
