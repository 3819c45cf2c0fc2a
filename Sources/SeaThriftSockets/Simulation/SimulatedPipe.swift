import Glibc
import SeaThriftTime

/// One direction of a simulated connection: the bytes between a `send` on one side and a `recv` on the other, in the
/// sender's buffer, on the way, or in the receiver's buffer.
final class SimulatedPipe {
  private enum Packet {
    /// The last step of the handshake.
    case handshake
    case data(Int)
    case end
    case reset
    /// A reset in answer to a packet of a connection that is not known: it comes again, as the packet would.
    case unknownConnection
  }

  private let source: SimulatedSocket
  private let target: SimulatedSocket
  private let there: SimulatedLink
  private let back: SimulatedLink
  private let world: SimulatedWorld
  private let sendLimit: Int
  private let receiveLimit: Int

  /// All bytes: those that arrived, then those on the way, then those that are not sent yet.
  @exclusivity(unchecked) private var bytes = ByteQueue()
  /// How many bytes wait to be read.
  @exclusivity(unchecked) private(set) var arrived = 0
  @exclusivity(unchecked) private var travelling = 0
  @exclusivity(unchecked) private var unsent = 0

  @exclusivity(unchecked) private var packets: [(packet: Packet, arrival: Instant)] = []
  @exclusivity(unchecked) private var firstPacket = 0
  @exclusivity(unchecked) private var lastArrival = Instant.origin
  @exclusivity(unchecked) private var isScheduled = false
  /// How often the first packet has been sent again.
  @exclusivity(unchecked) private var resends = 0

  @exclusivity(unchecked) private var endsAfterData = false
  @exclusivity(unchecked) private var hasSentEnd = false
  /// Whether the end of the stream has arrived.
  @exclusivity(unchecked) private(set) var isDone = false
  @exclusivity(unchecked) private var writerWaits = false
  @exclusivity(unchecked) private var roomIsOnItsWay = false
  @exclusivity(unchecked) private var windowIsOnItsWay = false

  init(from source: SimulatedSocket, to target: SimulatedSocket) {
    self.source = source
    self.target = target
    world = source.host.world
    there = world.link(from: source.host, to: target.host)
    back = world.link(from: target.host, to: source.host)
    sendLimit = max(1, source.host.sendBufferBytes)
    receiveLimit = max(1, target.host.receiveBufferBytes)
  }

  // MARK: The sender

  /// Takes what fits; `nil` when nothing does.
  func write(_ input: UnsafeRawBufferPointer) -> Int? {
    if input.isEmpty { return 0 }
    let count = min(input.count, sendLimit - unsent - travelling)
    if count < input.count { writerWaits = true }
    guard count > 0 else { return nil }
    bytes.append(UnsafeRawBufferPointer(rebasing: input[..<count]))
    unsent += count
    transmit()
    return count
  }

  func sendHandshake() { send(.handshake, bytes: 40) }

  /// Ends the stream behind what was written.
  func finish() {
    endsAfterData = true
    transmit()
  }

  /// Breaks the connection: what was not sent yet never will be.
  func reset() {
    discardUnsent()
    send(.reset, bytes: 40)
  }

  /// Tells the other end that it sends to nobody.
  func reportUnknown() { send(.unknownConnection, bytes: 40) }

  /// The sender is gone: what is on its way may still arrive, the rest never will.
  func discard() {
    discardUnsent()
    if resends > 0 { discardPackets() }
  }

  private func discardUnsent() {
    bytes.dropLast(unsent)
    unsent = 0
    endsAfterData = false
  }

  /// Sends what the receiver has room for.
  private func transmit() {
    while unsent > 0 {
      let window = receiveLimit - arrived - travelling
      guard window > 0 else { return }
      let size = there.packetSize(of: min(unsent, window))
      unsent -= size
      travelling += size
      send(.data(size), bytes: size + 40)
    }
    if endsAfterData, !hasSentEnd {
      hasSentEnd = true
      send(.end, bytes: 40)
    }
  }

  private func send(_ packet: Packet, bytes: Int) {
    lastArrival = max(lastArrival, there.arrival(of: bytes, sentAt: world.now))
    packets.append((packet, lastArrival))
    scheduleNext()
  }

  private func scheduleNext() {
    guard !isScheduled, firstPacket < packets.count else { return }
    isScheduled = true
    world.schedule(.packet(self), at: packets[firstPacket].arrival)
  }

  // MARK: Arrival

  /// The first packet should arrive now, and with it all that are not to come later.
  func packetIsDue() {
    isScheduled = false
    while firstPacket < packets.count, packets[firstPacket].arrival <= world.now {
      guard there.isBlocked || !target.host.isUp || there.losesPacket() else {
        let packet = packets[firstPacket].packet
        resends = 0
        removeFirstPacket()
        deliver(packet)
        continue
      }
      resend()
      break
    }
    scheduleNext()
  }

  private func removeFirstPacket() {
    firstPacket += 1
    if firstPacket == packets.count {
      packets.removeAll(keepingCapacity: true)
      firstPacket = 0
    } else if firstPacket >= 1024, firstPacket > packets.count / 2 {
      packets.removeFirst(firstPacket)
      firstPacket = 0
    }
  }

  private func discardPackets() {
    bytes.dropLast(travelling)
    travelling = 0
    packets = []
    firstPacket = 0
  }

  /// The packet did not arrive: TCP sends it again after 200 ms, then after twice as long each time, 15 times in all
  /// (RFC 6298; `tcp_retries2` of Linux).
  private func resend() {
    if source.phase == .gone {
      guard case .unknownConnection = packets[firstPacket].packet else {
        discardPackets()
        return
      }
    }
    guard resends < 15 else {
      discardPackets()
      source.fail(SocketError(errno: ETIMEDOUT, during: "connection to \(source.peer)"))
      return
    }
    let wait = min(Int64(200_000_000) << Int64(resends), 120_000_000_000)
    resends += 1
    source.host.record(.retransmit, connection: source.id, detail: resends)
    packets[firstPacket].arrival = world.now.after(wait)
  }

  private func deliver(_ packet: Packet) {
    switch packet {
    case .handshake:
      target.handshakeEnded(isEstablished: target.phase == .open)
    case .data(let count):
      let digest = bytes.digest(from: arrived, count: count)
      target.host.record(.data, connection: target.id, detail: count, digest: digest)
      travelling -= count
      arrived += count
      if target.phase == .gone { target.answerByReset() } else { target.dataArrived() }
      if writerWaits { sendRoom() }
    case .end:
      isDone = true
      target.host.record(.end, connection: target.id)
      if target.phase == .gone { target.answerByReset() } else { target.endArrived() }
      source.leaveIfDone()
    case .reset, .unknownConnection:
      target.resetArrived()
    }
  }

  /// The sender learns that there is room, once the acknowledgement has come back.
  private func sendRoom() {
    guard !roomIsOnItsWay else { return }
    roomIsOnItsWay = true
    afterWayBack { pipe in
      pipe.roomIsOnItsWay = false
      pipe.writerWaits = false
      pipe.source.roomArrived()
    }
  }

  // MARK: The receiver

  /// Reads bytes that arrived.
  func read(_ target: UnsafeMutableRawBufferPointer) {
    bytes.read(target.count, into: target)
    arrived -= target.count
    guard unsent > 0, !windowIsOnItsWay else { return }
    windowIsOnItsWay = true
    afterWayBack { pipe in
      pipe.windowIsOnItsWay = false
      pipe.transmit()
    }
  }

  /// Does something that the sender learns from the receiver; again and again until the way is free.
  private func afterWayBack(_ body: @escaping (SimulatedPipe) -> Void) {
    let arrival = back.isBlocked ? world.now.after(500_000_000) : back.arrival(of: 40, sentAt: world.now)
    world.schedule(
      .call { [self] in if back.isBlocked { afterWayBack(body) } else { body(self) } }, at: arrival)
  }
}
