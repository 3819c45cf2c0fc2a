import ThriftIDL

/// What the annotations of an exception mean to policies.
extension Structure {
  /// The field of an exception that says after how long to try again, and what it counts.
  var retryAdvice: (field: Int, unit: String)? {
    guard kind == .exception else { return nil }
    for (index, field) in fields.enumerated() {
      if let unit = field.annotations.values(for: Annotation.retryAfter).first { return (index, unit) }
    }
    return nil
  }

  /// What it conforms to.
  func conformance(isClassified: Bool) -> String {
    guard kind == .exception else { return "ThriftStruct" }
    let base = isClassified ? "ClassifiedException" : "ThriftException"
    return retryAdvice == nil ? base : "\(base), SeaThrift::RetryAdvising"
  }

  /// The traits of an exception, as arguments; nil when it has none. `transient` and `safe` are fbthrift's words. Whoever
  /// says when to come back wants to be tried again.
  func traits(_ annotations: [Annotation]) -> String? {
    var arguments: [String] = []
    if annotations.flag("retryable") ?? annotations.flag("transient") ?? (retryAdvice != nil) {
      arguments.append("isRetryable: true")
    }
    if annotations.flag("breaker") == true { arguments.append("isFailure: true") }
    if annotations.flag("safe") == true { arguments.append("isSafe: true") }
    return arguments.isEmpty ? nil : arguments.joined(separator: ", ")
  }
}

extension StructureGenerator {
  /// Prints what an exception says about trying again.
  func printRetryAdvice(_ advice: (field: Int, unit: String), to printer: inout SwiftPrinter) {
    let property = properties[advice.field]
    let name = property.name.member
    func value(_ number: String) -> String { "SeaThrift::RetryAdvice(\(advice.unit): Swift::Double(\(number)))" }
    printer.blank()
    printer.documentation("When the call may be tried again, as ``\(property.name.text)`` says.")
    printer.line(
      "\(access)var retryAdvice: SeaThrift::RetryAdvice? { "
        + (property.isOptional ? "self.\(name).map { \(value("$0")) }" : value("self.\(name)")) + " }")
  }
}
