/// Something that happens in a simulated world at its time.
enum SimulatedEvent {
  /// Timers of a loop may be due.
  case timers(SimulatedSystem)
  /// The first packet of a pipe arrives.
  case packet(SimulatedPipe)
  /// Anything that concerns no loop.
  case call(() -> Void)
  /// Something that a loop's own thread would do.
  case onLoop(SimulatedSystem, () -> Void)
}
