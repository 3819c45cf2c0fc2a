import ThriftIDL

extension Module {
  /// A list, set or map: a literal, or where a literal would take the type checker too long, a function's result.
  func container(_ value: ConstantValue, of type: TypeUse, in scope: Scope) -> String {
    let isLarge = value.typeCheckingCost > 2000
    switch (value.kind, program.underlying(type).shape) {
    case (.list(let elements), .list(let element)), (.set(let elements), .set(let element)):
      let items = elements.map { expression($0, of: element, in: scope) }
      let isList = if case .list = value.kind { true } else { false }
      return isLarge && !elements.allSatisfy(\.isScalar)
        ? built(items.map { isList ? "result.append(\($0))" : "result.insert(\($0))" }, of: type, in: scope)
        : literal(items, empty: "[]")
    case (.map(let entries), .map(let key, let element)):
      let items = entries.map {
        (key: expression($0.key, of: key, in: scope), value: expression($0.value, of: element, in: scope))
      }
      return isLarge || !hasPlainlyDistinctKeys(entries)
        ? built(items.map { "result.updateValue(\($0.value), forKey: \($0.key))" }, of: type, in: scope)
        : literal(items.map { "\($0.key): \($0.value)" }, empty: "[:]")
    default: return "[]"
    }
  }

  /// Whether keys that are spelled differently are different: a dictionary literal with equal keys would trap.
  private func hasPlainlyDistinctKeys(_ entries: [(key: ConstantValue, value: ConstantValue)]) -> Bool {
    var numbers: Set<Int32> = []
    return entries.allSatisfy { entry in
      switch entry.key.withoutReferences.kind {
      case .bool, .integer, .string, .binary, .uuid: true
      case .enumerationValue(let id, let index):
        program[id].enumeration.map { numbers.insert($0.values[index].rawValue).inserted } ?? false
      // There are two zeros of type double, and structs that say the same in different words.
      case .double, .list, .set, .map, .structure, .reference: false
      }
    }
  }

  private func literal(_ items: [String], empty: String) -> String {
    if items.isEmpty { return empty }
    let line = items.joined(separator: ", ")
    if line.utf8.count <= 90, !line.contains("\n") { return "[\(line)]" }
    var printer = SwiftPrinter()
    printer.line("[")
    printer.indented { printer in
      for item in items { printer.line(item + ",") }
    }
    return printer.text + "]"
  }

  /// Calls a function made for the purpose: unlike a closure's, its statements are type-checked one by one.
  private func built(_ statements: [String], of type: TypeUse, in scope: Scope) -> String {
    let typeName = typeName(type, in: scope)
    let isMap = if case .map = program.underlying(type).shape { true } else { false }
    var printer = SwiftPrinter()
    printer.line("{")
    printer.indented { printer in
      printer.block("func make() -> \(typeName)") { printer in
        printer.line("var result: \(typeName) = \(isMap ? "[:]" : "[]")")
        for statement in statements { printer.line(statement) }
        printer.line("return result")
      }
      printer.line("return make()")
    }
    return printer.text + "}()"
  }
}

extension ConstantValue {
  /// Whether the value is one literal, of which the type checker takes any number in its stride.
  fileprivate var isScalar: Bool {
    switch withoutReferences.kind {
    case .bool, .integer, .double, .string, .binary, .uuid: true
    case .enumerationValue, .list, .set, .map, .structure, .reference: false
    }
  }

  /// How hard an expression of the value is to type-check, as measured: a literal is 1.
  fileprivate var typeCheckingCost: Int {
    switch withoutReferences.kind {
    case .bool, .integer, .double, .string, .uuid, .reference: 1
    case .binary(let bytes): 1 + bytes.count / 50
    case .enumerationValue: 10
    case .list(let elements), .set(let elements): elements.reduce(1) { $0 + $1.typeCheckingCost }
    case .map(let entries): entries.reduce(1) { $0 + 10 + $1.key.typeCheckingCost + $1.value.typeCheckingCost }
    case .structure(_, let fields): fields.reduce(20) { $0 + $1.value.typeCheckingCost }
    }
  }
}
