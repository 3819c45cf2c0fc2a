import SeaThriftTime

extension Annotation {
  /// Of a field of an exception: the field says after how long to try again.
  package static let retryAfter = "retry.after"
  /// What such a field may count.
  package static let retryUnits = ["milliseconds", "seconds"]
}

/// Annotations that say how calls behave. What they cannot mean is an error, lest a call be retried that must not be, or
/// last for ever, because of a slip of the pen. All other annotations are anyone's.
extension Resolver {
  /// Checks the annotations of a function.
  func checkAnnotations(of function: ParsedFunction) {
    check(flags: ["idempotent", "readonly"], in: function.annotations)
    for annotation in function.annotations where annotation.key == "timeout" {
      if let timeout = DurationText.parse(annotation.value), timeout > .zero { continue }
      report(annotation, allowed: "a time above 0 such as \"200ms\", in one of the units d h m s ms us ns")
    }
  }

  /// Checks the annotations of all exceptions.
  func checkAnnotationsOfExceptions() {
    for id in ids {
      guard case .structure(.exception, _) = drafts[id.index].parsed.kind else { continue }
      check(flags: ["retryable", "transient", "breaker", "safe"], in: drafts[id.index].parsed.annotations)
    }
  }

  /// Checks the annotations of the fields of a struct, union or exception that change what is generated.
  func checkAnnotations(of fields: [FieldDraft], _ kind: Structure.Kind) {
    var isAdvised = false
    for field in fields {
      for annotation in field.parsed.annotations where annotation.key == Annotation.retryAfter {
        let name = field.parsed.name.text.abbreviated
        if kind != .exception {
          diagnostics.warning("'retry.after' has a meaning for a field of an exception only", at: annotation.location)
        } else if isAdvised {
          error("only one field of an exception can say 'retry.after'", at: annotation.location)
        } else if !Annotation.retryUnits.contains(annotation.value) {
          report(annotation, allowed: "\"milliseconds\" or \"seconds\"")
        } else if !isNumber(field.type) {
          error("'retry.after' is for a number, which '\(name)' is not", at: annotation.location)
        }
        isAdvised = true
      }
    }
  }

  /// Whether a type holds numbers; true for one that could not be resolved, of which enough was said.
  private func isNumber(_ type: TypeUse?) -> Bool {
    guard let type, let target = typedefTarget(type) else { return true }
    guard case .base(let base) = target.shape else { return false }
    return [.i8, .i16, .i32, .i64, .double].contains(base)
  }

  private func check(flags: [String], in annotations: [Annotation]) {
    for annotation in annotations where annotation.flag == nil && flags.contains(where: annotation.isNamed) {
      report(annotation, allowed: "\"true\", \"false\", \"1\", \"0\", or no value")
    }
  }

  private func report(_ annotation: Annotation, allowed: String) {
    let value = annotation.value.abbreviated.printable
    error(
      "annotation '\(annotation.key.abbreviated)' is \"\(value)\"; allowed is \(allowed)", at: annotation.location)
  }
}
