/// Keeps an optional field outside of its struct, so that a type can contain itself.
///
/// It behaves as the value that it holds: copies share memory until one of them changes. Nothing is allocated for `nil`.
@propertyWrapper
public struct Boxed<Value> {
  @usableFromInline var box: Box<Value>?

  /// Moves a value into memory of its own; `nil` takes none.
  @inlinable
  public init(wrappedValue: Value?) { box = wrappedValue.map(Box.init) }

  /// The value; setting it changes this copy alone, and allocates when other copies share its memory.
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
  /// Whether the values are equal, wherever they are kept.
  public static func == (lhs: Self, rhs: Self) -> Bool {
    lhs.wrappedValue == rhs.wrappedValue
  }
}

extension Boxed: Hashable where Value: Hashable {
  /// Hashes the value, as an optional.
  public func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }
}
