/// A connection that an ``Acceptor`` has accepted, and what is done with it.
package protocol AcceptedConnection: AnyObject, Sendable {
  /// Serves the connection to its end, in a task of its own on its loop, and closes its stream.
  ///
  /// - Returns: True when it has to go on in another task, as this one was cancelled for what it did last: it is called
  ///   again then.
  func run() async -> Bool

  /// Ends as soon as nothing is under way. Called on the loop.
  func drain()

  /// Ends now. Called on the loop.
  func end()
}
