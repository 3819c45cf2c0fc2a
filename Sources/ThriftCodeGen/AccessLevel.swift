/// Who can see the declarations of the generated files.
package enum AccessLevel: String, Sendable, CaseIterable {
  case `internal`
  case package
  case `public`

  /// The modifier in front of a declaration, with the space after it; nothing for Swift's own default.
  var modifier: String { self == .internal ? "" : rawValue + " " }
}
