/// The words that the grammar of Apache Thrift reserves.
enum Keyword: String, CaseIterable {
  case namespace
  case include
  case cppInclude = "cpp_include"
  case cppType = "cpp_type"
  case xsdAll = "xsd_all"
  case xsdOptional = "xsd_optional"
  case xsdNillable = "xsd_nillable"
  case xsdAttrs = "xsd_attrs"
  case void
  case bool
  case byte
  case i8
  case i16
  case i32
  case i64
  case double
  case string
  case binary
  case uuid
  case map
  case list
  case set
  case oneway
  case async
  case typedef
  case `struct`
  case union
  case exception
  case extends
  case `throws`
  case service
  case `enum`
  case const
  case required
  case optional

  /// Whether a field may have this name. The `xsd_…` words and `cpp_type` have a meaning of their own after a type.
  var isPossibleFieldName: Bool {
    switch self {
    case .cppType, .xsdAll, .xsdOptional, .xsdNillable, .xsdAttrs: false
    default: true
    }
  }

  /// Whether a definition or a header line begins with it.
  var startsDefinition: Bool {
    switch self {
    case .typedef, .struct, .union, .exception, .service, .enum, .const, .namespace, .include, .cppInclude: true
    default: false
    }
  }

  /// The type that it names by itself.
  var baseType: BaseType? {
    self == .byte ? .i8 : BaseType(rawValue: rawValue)
  }
}
