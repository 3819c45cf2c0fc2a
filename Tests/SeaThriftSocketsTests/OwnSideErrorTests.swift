import Glibc
import Testing

@testable import SeaThriftSockets

@Suite("What the system refuses to this process")
struct OwnSideErrorTests {
  private let address = SocketAddress(.ipv4(0x7F00_0001, port: 80))

  @Test(
    "is an error of its own when a connection is made",
    arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL, EAGAIN])
  func connecting(status: Int32) {
    #expect(KernelSocket.failure(toConnect: address, status).code == .outOfResources)
  }

  @Test("is told from what the other side says")
  func othersSay() {
    #expect(KernelSocket.failure(toConnect: address, ECONNREFUSED).code == .refused)
    #expect(KernelSocket.failure(toConnect: address, EHOSTUNREACH).code == .unreachable)
    #expect(
      KernelSocket.failure(toConnect: SocketAddress(.unix(path: "/x")), EAGAIN).code == .refused, "its queue is full")
    #expect(SocketError(errno: EMFILE, during: "socket").code == .outOfResources)
  }

  @Test("is an error of its own when a name is looked up", arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM])
  func names(number: Int32) {
    #expect(NameResolver.failure(of: "a.example", EAI_AGAIN, number).code == .outOfResources)
    #expect(NameResolver.failure(of: "a.example", EAI_MEMORY, 0).code == .outOfResources)
    #expect(NameResolver.failure(of: "a.example", EAI_AGAIN, 0).code == .unknownHost)
    #expect(NameResolver.failure(of: "a.example", EAI_NONAME, ENOENT).code == .unknownHost)
  }
}
