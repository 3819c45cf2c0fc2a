/// Where a server's observers and its log hear of all that they are told.
struct ServerEvents: Sendable {
  private let observers: [any ServerObserver]
  private let log: (any ServerObserver)?
  /// Asked before anything is computed for observers alone.
  let isObserved: Bool

  init(_ configuration: ServerConfiguration) {
    observers = configuration.observers
    log = configuration.log
    isObserved = !configuration.observers.isEmpty
  }

  /// Tells the observers.
  @inline(__always)
  func tell(_ event: (any ServerObserver) -> Void) {
    for observer in observers { event(observer) }
  }

  /// Tells the log and the observers: of what must not be lost.
  func report(_ event: (any ServerObserver) -> Void) {
    if let log { event(log) }
    tell(event)
  }
}
