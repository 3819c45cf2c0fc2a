import Foundation

/// As much of JSON Schema as Documentation/policy.schema.json uses.
struct Schema {
  let root: [String: Any]

  init(_ url: URL) throws {
    root = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any] ?? [:]
  }

  /// What is wrong with a document, each with its path; nothing for one that is valid.
  func mistakes(in json: String, definition: String? = nil) throws -> [String] {
    let document = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
    return mistakes(document, definition.map { ["$ref": "#/$defs/\($0)"] } ?? root, "")
  }

  /// The fields of each object that the schema knows and a document has not, each with its path.
  func missing(in json: String, definition: String? = nil) throws -> [String] {
    let document = try JSONSerialization.jsonObject(with: Data(json.utf8))
    return missing(document, definition.map { ["$ref": "#/$defs/\($0)"] } ?? root, "")
  }

  /// The fields of an object.
  func fields(of definition: String? = nil) -> Set<String> {
    let schema = resolved(definition.map { ["$ref": "#/$defs/\($0)"] } ?? root)
    return Set((schema["properties"] as? [String: Any] ?? [:]).keys)
  }

  func resolved(_ schema: [String: Any]) -> [String: Any] {
    guard let name = (schema["$ref"] as? String)?.split(separator: "/").last else { return schema }
    let found = (root["$defs"] as? [String: Any])?[String(name)] as? [String: Any]
    return found.map(resolved) ?? ["enum": [String]()]
  }

  private func mistakes(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    let schema = resolved(schema)
    if let choices = schema["oneOf"] as? [[String: Any]] {
      let fitting = choices.count { mistakes(value, $0, path).isEmpty }
      return fitting == 1 ? [] : ["\(path): fits \(fitting) of \(choices.count) forms"]
    }
    if let allowed = schema["enum"] as? [String] {
      return (value as? String).map(allowed.contains) == true ? [] : ["\(path): is none of \(allowed)"]
    }
    switch schema["type"] as? String {
    case "null": return value is NSNull ? [] : ["\(path): is not null"]
    case "boolean": return value is Bool ? [] : ["\(path): is no boolean"]
    case "string":
      guard let text = value as? String else { return ["\(path): is no string"] }
      let pattern = schema["pattern"] as? String ?? ""
      return text.range(of: pattern, options: .regularExpression) != nil || pattern.isEmpty
        ? [] : ["\(path): '\(text)' does not match"]
    case "integer", "number": return numberMistakes(value, schema, path)
    case "array":
      guard let elements = value as? [Any] else { return ["\(path): is no array"] }
      let range = (schema["minItems"] as? Int ?? 0)...(schema["maxItems"] as? Int ?? .max)
      if !range.contains(elements.count) { return ["\(path): has \(elements.count) elements"] }
      return elements.enumerated().flatMap {
        mistakes($0.element, schema["items"] as? [String: Any] ?? [:], "\(path)/\($0.offset)")
      }
    case "object": return objectMistakes(value, schema, path)
    default: return ["\(path): the schema says nothing"]
    }
  }

  private func numberMistakes(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    guard let number = (value as? NSNumber)?.doubleValue, !(value is String) else { return ["\(path): is no number"] }
    if schema["type"] as? String == "integer", number != number.rounded() { return ["\(path): is not whole"] }
    func limit(_ name: String) -> Double? { (schema[name] as? NSNumber)?.doubleValue }
    let isInRange =
      number >= limit("minimum") ?? -.infinity && number <= limit("maximum") ?? .infinity
      && number > limit("exclusiveMinimum") ?? -.infinity && number < limit("exclusiveMaximum") ?? .infinity
    return isInRange ? [] : ["\(path): \(number) is out of range"]
  }

  private func objectMistakes(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    guard let fields = value as? [String: Any] else { return ["\(path): is no object"] }
    let known = schema["properties"] as? [String: [String: Any]] ?? [:]
    let other = schema["additionalProperties"] as? [String: Any]
    let required = schema["required"] as? [String] ?? []
    return required.filter { fields[$0] == nil }.map { "\(path)/\($0): is missing" }
      + fields.flatMap { name, value in
        (known[name] ?? other).map { mistakes(value, $0, "\(path)/\(name)") } ?? ["\(path)/\(name): is unknown"]
      }.sorted()
  }

  private func missing(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    var schema = resolved(schema)
    if let choices = schema["oneOf"] as? [[String: Any]] {
      schema = choices.first { mistakes(value, $0, path).isEmpty }.map(resolved) ?? [:]
    }
    guard let fields = value as? [String: Any] else { return [] }
    let known = schema["properties"] as? [String: [String: Any]] ?? [:]
    let other = schema["additionalProperties"] as? [String: Any]
    return known.keys.filter { fields[$0] == nil }.map { "\(path)/\($0)" }.sorted()
      + fields.sorted { $0.key < $1.key }.flatMap { name, value in
        (known[name] ?? other).map { missing(value, $0, "\(path)/\(name)") } ?? []
      }
  }
}
