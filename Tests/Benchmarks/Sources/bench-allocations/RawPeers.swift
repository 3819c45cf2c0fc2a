import Glibc
import SeaThrift

/// Bytes that a call of `add(3, 4)` and its reply consist of, framed and binary.
enum RawMessages {
  static let call: [UInt8] =
    [0, 0, 0, 30, 0x80, 1, 0, 1, 0, 0, 0, 3] + Array("add".utf8) + [0, 0, 0, 0]
    + [8, 0, 1, 0, 0, 0, 3, 8, 0, 2, 0, 0, 0, 4, 0]
  static let reply: [UInt8] =
    [0, 0, 0, 23, 0x80, 1, 0, 2, 0, 0, 0, 3] + Array("add".utf8) + [0, 0, 0, 0] + [8, 0, 0, 0, 0, 0, 7, 0]
  /// Where the sequence id lies in both.
  static let sequenceID = 15
}

struct RawError: Error {
  let what: String
  let number = errno
}

private func withLoopback<Value>(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  return withUnsafePointer(to: address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
  }
}

/// Calls with blocking system calls and nothing else.
final class RawClient {
  private let descriptor: Int32
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 16)

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard withLoopback(UInt16(port), { connect(descriptor, $0, $1) }) == 0 else { throw RawError(what: "connect") }
  }

  deinit {
    close(descriptor)
    buffer.deallocate()
  }

  func add() throws {
    guard RawMessages.call.withUnsafeBytes({ send(descriptor, $0.baseAddress, $0.count, 0) }) > 0,
      recv(descriptor, buffer.baseAddress, RawMessages.reply.count, Int32(MSG_WAITALL)) > 0
    else { throw RawError(what: "call") }
  }
}

/// Answers every call of `add(3, 4)` on one connection, on a thread of its own, with blocking system calls.
final class RawServer {
  let port: Int

  init() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard withLoopback(0, { bind(listener, $0, $1) }) == 0, listen(listener, 1) == 0 else {
      throw RawError(what: "listen")
    }
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
    }
    port = Int(UInt16(bigEndian: address.sin_port))
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        RawServer.serve(Int32(Int(bitPattern: argument)))
        return nil
      }, UnsafeMutableRawPointer(bitPattern: Int(listener)))
    pthread_detach(thread)
  }

  private static func serve(_ listener: Int32) {
    let connection = accept(listener, nil, nil)
    let call = UnsafeMutableRawBufferPointer.allocate(byteCount: RawMessages.call.count, alignment: 16)
    let reply = UnsafeMutableRawBufferPointer.allocate(byteCount: RawMessages.reply.count, alignment: 16)
    reply.copyBytes(from: RawMessages.reply)
    while recv(connection, call.baseAddress, call.count, Int32(MSG_WAITALL)) == call.count {
      let sequenceID = call.loadUnaligned(fromByteOffset: RawMessages.sequenceID, as: UInt32.self)
      reply.storeBytes(of: sequenceID, toByteOffset: RawMessages.sequenceID, as: UInt32.self)
      guard send(connection, reply.baseAddress, reply.count, Int32(MSG_NOSIGNAL)) > 0 else { break }
    }
    close(connection)
  }
}
