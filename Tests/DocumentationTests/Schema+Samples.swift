import Foundation

/// Documents made from a schema.
extension Schema {
  /// The most forms between which a value may choose.
  static let mostChoices = 6

  /// A valid document that has every field.
  ///
  /// - Parameter choice: which of several forms each value has, as far as there are as many.
  func sample(of definition: String? = nil, choosing choice: Int) throws -> String {
    let value = sample(definition.map { ["$ref": "#/$defs/\($0)"] } ?? root, choice)
    return String(decoding: try JSONSerialization.data(withJSONObject: value), as: UTF8.self)
  }

  private func sample(_ schema: [String: Any], _ choice: Int) -> Any {
    let schema = resolved(schema)
    if let choices = (schema["oneOf"] as? [[String: Any]])?.filter({ $0["type"] as? String != "null" }) {
      // A form that holds itself has the first one in it.
      return sample(choices[choice % choices.count], choices.count > 1 ? 0 : choice)
    }
    if let allowed = schema["enum"] as? [String] { return allowed[choice % allowed.count] }
    switch schema["type"] as? String {
    case "boolean": return true
    case "string": return schema["pattern"] == nil ? "east" : "1s"
    case "integer", "number": return (schema["minimum"] as? NSNumber) ?? 0.5
    case "array": return [sample(schema["items"] as? [String: Any] ?? [:], choice)]
    default:
      var fields = (schema["properties"] as? [String: [String: Any]] ?? [:]).mapValues { sample($0, choice) }
      if let other = schema["additionalProperties"] as? [String: Any] {
        fields["Users.retrieve"] = sample(other, choice)
      }
      return fields
    }
  }
}
