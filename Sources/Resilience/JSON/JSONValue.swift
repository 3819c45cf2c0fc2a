/// A JSON document as it was read, or is to be written. Objects keep their order.
indirect enum JSONValue: Sendable {
  case null
  case bool(Bool)
  /// As it was written: whoever reads it knows what number it has to be.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])

  /// What it is, for messages.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  subscript(key: String) -> JSONValue? {
    guard case .object(let fields) = self else { return nil }
    return fields.first { $0.key == key }?.value
  }
}

/// A text that is no JSON.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public let message: String
  /// The line, from 1.
  public let line: Int
  /// The byte of the line, from 1.
  public let column: Int

  /// The place and what is wrong there.
  public var description: String { "line \(line), column \(column): \(message)" }
}

/// Policies as JSON, without Foundation.
package enum JSONDocument {
  /// Reads a value.
  package static func decode<Value: Decodable>(_ type: Value.Type, from json: String) throws -> Value {
    var parser = JSONParser(Array(json.utf8))
    return try JSONDecoding(value: parser.document(), codingPath: []).value(type)
  }

  /// Writes a value in one line, without what is `null`.
  package static func line(_ value: some Encodable) -> String {
    let box = JSONBox()
    try? value.encode(to: JSONEncoding(box: box, codingPath: []))
    return box.value.line
  }

  /// Writes a value, two spaces deep at each level.
  package static func encode(_ value: some Encodable) -> String {
    let box = JSONBox()
    // Policies throw nothing when they are written.
    try? value.encode(to: JSONEncoding(box: box, codingPath: []))
    var text = ""
    box.value.write(to: &text, indent: 0)
    return text
  }
}

extension JSONValue {
  var line: String {
    switch self {
    case .array(let items): return "[" + items.map(\.line).joined(separator: ", ") + "]"
    case .object(let fields):
      let written = fields.compactMap { field -> String? in
        if case .null = field.value { return nil }
        return "\(field.key): \(field.value.line)"
      }
      return "{" + written.joined(separator: ", ") + "}"
    case .string(let string): return string
    default:
      var text = ""
      write(to: &text, indent: 0)
      return text
    }
  }

  func write(to text: inout String, indent: Int) {
    let margin = String(repeating: " ", count: indent + 2)
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let digits): text += digits
    case .string(let string): Self.write(string, to: &text)
    case .array(let items):
      if items.isEmpty { return text += "[]" }
      text += "[\n"
      for (index, item) in items.enumerated() {
        text += margin
        item.write(to: &text, indent: indent + 2)
        text += index < items.count - 1 ? ",\n" : "\n"
      }
      text += String(repeating: " ", count: indent) + "]"
    case .object(let fields):
      if fields.isEmpty { return text += "{}" }
      text += "{\n"
      for (index, field) in fields.enumerated() {
        text += margin
        Self.write(field.key, to: &text)
        text += ": "
        field.value.write(to: &text, indent: indent + 2)
        text += index < fields.count - 1 ? ",\n" : "\n"
      }
      text += String(repeating: " ", count: indent) + "}"
    }
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
