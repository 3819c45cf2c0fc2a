import ThriftIDL

extension ServiceGenerator {
  /// Prints what is known of a method: how it is called and answered.
  func printDescriptor(_ function: FunctionPlan, to printer: inout SwiftPrinter) {
    let name = function.name.identifier
    let result = function.function.isOneway ? "SeaThrift::OnewayResult" : "Results.\(name)"
    var arguments = [
      "service: \(SwiftLiteral.string(definition.name))",
      "methods: Self.methodNames",
      "name: \(SwiftLiteral.string(function.function.name))",
      "isOneway: \(function.function.isOneway)",
      "annotations: \(function.function.annotations.dictionaryLiteral)",
    ]
    // That a method is idempotent is part of its type.
    if !function.isIdempotent { arguments.insert("idempotency: \(function.function.annotations.idempotency)", at: 4) }
    printer.documentation(function.function.documentation)
    printer.list(
      "\(access)static let \(name) = \(function.descriptorType)<Arguments.\(name), \(result)>(", arguments, ")")
  }

  /// Prints the description of an inherited method, which is the ancestor's.
  func printInheritedDescriptor(_ function: FunctionPlan, to printer: inout SwiftPrinter) {
    let name = function.name.identifier
    let service = module.typeReference(function.service, in: scope)
    let result = function.function.isOneway ? "SeaThrift::OnewayResult" : "\(service).Results.\(name)"
    printer.documentation(function.function.documentation)
    printer.block(
      "\(access)static var \(name): \(function.descriptorType)<\(service).Arguments.\(name), \(result)>"
    ) { printer in
      printer.line("\(module.expressionReference(function.service, in: scope)).\(name)")
    }
  }
}

extension FunctionPlan {
  /// Whether the IDL says that calling it twice does no harm.
  var isIdempotent: Bool { function.annotations.idempotency == ".idempotent" }

  fileprivate var descriptorType: String {
    isIdempotent ? "SeaThrift::IdempotentMethod" : "SeaThrift::MethodDescriptor"
  }
}

extension [Annotation] {
  /// What the annotations `idempotent` and `readonly`, alone or as `cpp.idempotent` and the like, say about calling a
  /// method twice.
  fileprivate var idempotency: String {
    switch flag("idempotent") {
    case true?: ".idempotent"
    case false?: ".notIdempotent"
    case nil: flag("readonly") == true ? ".idempotent" : ".unknown"
    }
  }

  /// All annotations by their keys.
  fileprivate var dictionaryLiteral: String {
    if isEmpty { return "[:]" }
    var keys: [String] = []
    for annotation in self where !keys.contains(annotation.key) { keys.append(annotation.key) }
    let entries = keys.map { key in
      "\(SwiftLiteral.string(key)): [\(values(for: key).map(SwiftLiteral.string).joined(separator: ", "))]"
    }
    return "[\(entries.joined(separator: ", "))]"
  }
}
