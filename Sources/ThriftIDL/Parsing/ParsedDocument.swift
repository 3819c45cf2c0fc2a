/// A `.thrift` file as it is written, before names are looked up.
struct ParsedDocument {
  var documentation: String?
  var namespaces: [Namespace] = []
  var includes: [ParsedInclude] = []
  var cppIncludes: [String] = []
  var definitions: [ParsedDefinition] = []
}

struct ParsedInclude {
  let path: String
  let location: SourceLocation
}

/// A name at the place where it is declared or used.
struct ParsedName {
  let text: String
  let location: SourceLocation
}

struct ParsedDefinition {
  enum Kind {
    case typedef(ParsedType)
    case enumeration([ParsedEnumerationValue])
    case structure(Structure.Kind, [ParsedField])
    case constant(ParsedType, ParsedValue)
    case service(parent: ParsedName?, [ParsedFunction])
  }

  let name: ParsedName
  let documentation: String?
  let kind: Kind
  var annotations: [Annotation] = []

  /// Whether parts of it could not be read, so that nothing can be concluded from what it seems to lack.
  var isIncomplete = false
}

struct ParsedEnumerationValue {
  let name: ParsedName
  /// The number after `=`.
  let number: (value: Int64, location: SourceLocation)?
  let documentation: String?
  let annotations: [Annotation]
}

struct ParsedField {
  /// The number before the colon.
  let id: (value: Int64, location: SourceLocation)?
  let requiredness: Requiredness
  let requirednessLocation: SourceLocation
  let type: ParsedType
  let isReference: Bool
  let name: ParsedName
  let defaultValue: ParsedValue?
  let documentation: String?
  let annotations: [Annotation]
}

struct ParsedFunction {
  let isOneway: Bool
  let returnType: ParsedType
  let name: ParsedName
  let arguments: [ParsedField]
  let exceptions: [ParsedField]
  let documentation: String?
  let annotations: [Annotation]
}

struct ParsedType {
  indirect enum Shape {
    case void
    case base(BaseType)
    case list(ParsedType)
    case set(ParsedType)
    case map(key: ParsedType, value: ParsedType)
    case named(String)
  }

  let shape: Shape
  let cppType: String?
  let annotations: [Annotation]
  let location: SourceLocation
}

struct ParsedValue {
  indirect enum Kind {
    case integer(Int64)
    case double(Double)
    case literal([UInt8])
    case identifier(String)
    case list([ParsedValue])
    case map([(key: ParsedValue, value: ParsedValue)])
  }

  let kind: Kind
  let location: SourceLocation
}
