import ThriftIDL

extension ServiceGenerator {
  /// Prints what is known of a method: how it is called and answered.
  func printDescriptor(_ function: FunctionPlan, to printer: inout SwiftPrinter) {
    let name = function.name.identifier
    let result = function.function.isOneway ? "SeaThrift::OnewayResult" : "Results.\(name)"
    let arguments = [
      "service: \(SwiftLiteral.string(definition.name))",
      "name: \(SwiftLiteral.string(function.function.name))",
      "isOneway: \(function.function.isOneway)",
      "idempotency: \(function.function.annotations.idempotency)",
      "annotations: \(function.function.annotations.dictionaryLiteral)",
    ]
    printer.documentation(function.function.documentation)
    printer.list(
      "\(access)static let \(name) = SeaThrift::MethodDescriptor<Arguments.\(name), \(result)>(", arguments, ")")
  }

  /// Prints the description of an inherited method, which is the ancestor's.
  func printInheritedDescriptor(_ function: FunctionPlan, to printer: inout SwiftPrinter) {
    let name = function.name.identifier
    let service = module.typeReference(function.service, in: scope)
    let result = function.function.isOneway ? "SeaThrift::OnewayResult" : "\(service).Results.\(name)"
    printer.documentation(function.function.documentation)
    printer.block(
      "\(access)static var \(name): SeaThrift::MethodDescriptor<\(service).Arguments.\(name), \(result)>"
    ) { printer in
      printer.line("\(module.expressionReference(function.service, in: scope)).\(name)")
    }
  }
}

extension [Annotation] {
  /// What the annotation `idempotent`, alone or as `cpp.idempotent` and the like, says about calling a method twice.
  fileprivate var idempotency: String {
    switch last(where: { $0.key == "idempotent" || $0.key.hasSuffix(".idempotent") })?.value {
    case "1", "true", "": ".idempotent"
    case "0", "false": ".notIdempotent"
    default: ".unknown"
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
