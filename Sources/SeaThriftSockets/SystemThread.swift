import CSeaThriftSystem
import Glibc

/// A thread of the system's own, for what would block the threads of Swift's pool or must not share one.
package enum SystemThread {
  /// What a new thread takes over; called once.
  private final class Body {
    let name: String
    let run: () -> Void

    init(_ name: String, _ run: @escaping () -> Void) {
      self.name = name
      self.run = run
    }
  }

  /// Runs `body` on a new thread, which ends with it.
  ///
  /// - Parameter name: At most 15 bytes, for debuggers and `top`.
  /// - Throws: the code `outOfResources` or `other` when the system gives no thread; `body` is not called then.
  package static func start(_ name: String, _ body: @escaping () -> Void) throws(SocketError) {
    var thread = pthread_t()
    let retained = Unmanaged.passRetained(Body(name, body))
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
        seathrift_name_thread(body.name)
        body.run()
        return nil
      }, retained.toOpaque())
    guard status == 0 else {
      retained.release()
      throw SocketError(errno: status, during: "pthread_create")
    }
    pthread_detach(thread)
  }
}
