#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where policies get the time, their waiting and their chance from: the system, or whatever a test puts in its place.
public struct TimeSource: Sendable {
  private let time: @Sendable () -> Instant
  private let wait: @Sendable (Instant) async throws -> Void
  private let chance: @Sendable () -> UInt64
  /// Where tasks run that go by this time: a simulated loop, for instance; nil is the default executor.
  package var executor: (any TaskExecutor)?

  /// Creates a source from functions.
  ///
  /// - Parameters:
  ///   - now: The time now; never goes back.
  ///   - sleep: Suspends the task until an instant, and throws when the task is cancelled.
  ///   - random: 64 random bits.
  public init(
    now: @escaping @Sendable () -> Instant,
    sleep: nonisolated(nonsending) @escaping @Sendable (Instant) async throws -> Void,
    random: @escaping @Sendable () -> UInt64
  ) {
    time = now
    wait = sleep
    chance = random
  }

  /// Creates a source from a clock; chance is the system's, unless a seed is given.
  public init<C: Clock>(_ clock: C, seed: UInt64? = nil) where C.Duration == Duration {
    let origin = clock.now
    let generator = seed.map { Shared(SeededGenerator(seed: $0)) }
    self.init(
      now: { Instant.origin.advanced(by: origin.duration(to: clock.now)) },
      sleep: { try await clock.sleep(until: origin.advanced(by: Instant.origin.duration(to: $0)), tolerance: nil) },
      random: { generator?.next() ?? UInt64.random(in: .min ... .max) })
  }

  /// The system's monotonic clock, which the event loops of the kernel's network go by too, and the system's random
  /// numbers.
  public static let system = TimeSource(
    now: { systemNow() },
    sleep: { instant in
      let left = systemNow().duration(to: instant)
      if left > .zero { try await Task.sleep(for: left, tolerance: nil, clock: .suspending) }
    },
    random: { UInt64.random(in: .min ... .max) })

  /// The source of this task: the system, unless a simulation or a test has put its own in place.
  @TaskLocal public static var current = TimeSource.system

  /// The time now.
  public var now: Instant { time() }

  /// Suspends the task until `instant`.
  ///
  /// - Throws: `CancellationError`, or what the clock throws, when the task is cancelled.
  public nonisolated(nonsending) func sleep(until instant: Instant) async throws { try await wait(instant) }

  /// A generator that draws from this source.
  package var generator: Chance { Chance(draw: chance) }

  /// Random numbers of a time source.
  package struct Chance: RandomNumberGenerator {
    let draw: @Sendable () -> UInt64
    package mutating func next() -> UInt64 { draw() }
  }

  private static func systemNow() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
  }

  private final class Shared: Sendable {
    private let generator: Lock<SeededGenerator>
    init(_ generator: SeededGenerator) { self.generator = Lock(generator) }
    func next() -> UInt64 { generator.withLock { $0.next() } }
  }
}
