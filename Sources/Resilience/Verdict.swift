/// What an attempt says about the health of the endpoint that it was made against.
@frozen
public enum Verdict: Hashable, Sendable {
  /// The endpoint did its work.
  case success
  /// The endpoint failed, or was too slow.
  case failure
  /// Nothing can be concluded: the caller cancelled, or its own deadline was the shorter one.
  case ignorable
}
