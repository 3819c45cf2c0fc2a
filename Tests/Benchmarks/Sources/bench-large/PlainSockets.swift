import Glibc
import SeaThrift

/// Both ends of a TCP connection on loopback, blocking.
struct PlainSockets: Sendable {
  let near: Int32
  let far: Int32

  init() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, length) | listen(listener, 1) | getsockname(listener, pointer, &length)
      }
    }
    let near = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(near, $0, length) }
    }
    self.near = near
    far = accept(listener, nil, nil)
    guard status == 0, connected == 0, far >= 0 else { throw ConfigurationError("no sockets on loopback") }
  }

  func send(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
    var sent = 0
    while sent < bytes.count {
      let count = Glibc.send(descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      guard count > 0 else { fatalError("a plain socket broke") }
      sent += count
    }
  }

  func receive(_ bytes: UnsafeMutableRawBufferPointer, from descriptor: Int32) {
    var received = 0
    while received < bytes.count {
      let count = recv(descriptor, bytes.baseAddress.map { $0 + received }, bytes.count - received, 0)
      guard count > 0 else { fatalError("a plain socket broke") }
      received += count
    }
  }
}

/// A thread that is waited for.
struct Thread {
  private var thread = pthread_t()

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  init(_ run: @escaping @Sendable () -> Void) {
    let body = Unmanaged.passRetained(Body(run))
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, body.toOpaque())
    guard status == 0 else { fatalError("no thread") }
  }

  func join() { pthread_join(thread, nil) }
}
