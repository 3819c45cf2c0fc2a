extension Retry {
  /// Whether the calls of this task are made once: neither tried again nor hedged, because a call that they are part of is
  /// being tried again itself. Else each level of a chain of services would multiply the attempts of those above it.
  ///
  /// True within the attempts after the first of a ``Runner``, in handlers of SeaThrift's servers whose call is a retry, and
  /// where ``withRetriesSuppressed(_:_:)`` says so.
  @TaskLocal public static var isSuppressed = false
}

/// Has the calls in `body` made once, neither tried again nor hedged; or, with `false`, as their policies say, although a
/// call that they are part of is being tried again.
public nonisolated(nonsending) func withRetriesSuppressed<Value>(
  _ isSuppressed: Bool = true, _ body: nonisolated(nonsending) () async throws -> Value
) async rethrows -> Value {
  try await Retry.$isSuppressed.withValue(isSuppressed, operation: body)
}
