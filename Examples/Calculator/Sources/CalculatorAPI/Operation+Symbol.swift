extension Operation {
  /// How people write the operation. (A target needs at least one Swift file beside its .thrift files.)
  public var symbol: String {
    switch self {
    case .ADD: "+"
    case .SUBTRACT: "-"
    case .MULTIPLY: "*"
    case .DIVIDE: "/"
    default: "?"
    }
  }
}
