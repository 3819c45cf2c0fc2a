/// Keeps an optional field outside of its struct, so that a type can contain itself.
///
/// It behaves as the value that it holds: copies share memory until one of them changes. Nothing is allocated for `nil`.
@propertyWrapper
public struct Boxed<Value> {
  @usableFromInline var box: Box<Value>?

  /// Boxes a value.
  @inlinable
  public init(wrappedValue: Value?) { box = wrappedValue.map(Box.init) }

  /// The value.
  @inlinable public var wrappedValue: Value? {
    get { box?.value }
    set {
      if let newValue, isKnownUniquelyReferenced(&box) {
        box?.value = newValue
      } else {
        box = newValue.map(Box.init)
      }
    }
  }
}

@usableFromInline
final class Box<Value> {
  @usableFromInline var value: Value

  @usableFromInline
  init(_ value: Value) { self.value = value }
}

// Unchecked: the value is only changed while there is one reference to it.
extension Box: @unchecked Sendable where Value: Sendable {}

extension Boxed: Sendable where Value: Sendable {}

extension Boxed: Equatable where Value: Equatable {
  /// Whether the values are equal.
  public static func == (lhs: Self, rhs: Self) -> Bool {
    lhs.wrappedValue == rhs.wrappedValue
  }
}

extension Boxed: Hashable where Value: Hashable {
  /// Hashes the value.
  public func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }
}
