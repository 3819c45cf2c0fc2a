package import SeaThriftTime

/// The limit of an `AdaptiveLimit`, from what calls report; a `BulkheadStateMachine` enforces it.
///
/// Constant memory, constant time.
package struct AdaptiveLimitStateMachine: Sendable {
  private enum Phase: Sendable {
    case adapting
    /// The limit is lowered, and more calls than that still run.
    case draining
    /// The limit is lowered, and the latencies are those without load.
    case measuring
  }

  /// What one window has seen so far.
  private struct Window: Sendable {
    var end: Instant
    var samples = 0
    var latencySum = 0.0
    var mostRunning = 0
    var hasFailures = false
  }

  /// How many samples a step takes at least.
  private static let leastSamples = 10

  private let lowest: Double
  private let highest: Double
  private let tolerance: Double
  private let smoothing: Double
  private let windowLength: Duration
  private let probeInterval: Duration

  private var estimate: Double
  /// The latency without load in nanoseconds; 0 until it was measured.
  private var unloaded = 0.0
  private var phase = Phase.adapting
  private var nextProbe = Instant.distantFuture
  private var window: Window?

  /// The limit as it is now.
  package var limit: Int {
    phase == .adapting ? Int(estimate) : Int(max(lowest, estimate / (tolerance * 1.25)))
  }

  /// Creates a limit that knows nothing yet.
  package init(_ policy: AdaptiveLimit = AdaptiveLimit()) {
    lowest = PolicyCheck.clamp(Double(policy.min), to: 1...1_000_000)
    highest = PolicyCheck.clamp(Double(policy.max), to: lowest...1_000_000)
    tolerance = PolicyCheck.clamp(policy.tolerance, to: 1...100)
    smoothing = PolicyCheck.clamp(policy.smoothing, to: 0...1)
    windowLength = PolicyCheck.clamp(policy.window, atLeast: .milliseconds(1))
    probeInterval = PolicyCheck.clamp(policy.probe, atLeast: .seconds(1))
    estimate = PolicyCheck.clamp(Double(policy.initial), to: lowest...highest)
  }

  /// A call ended. Returns the limit when it changed.
  ///
  /// - Parameters:
  ///   - verdict: A failure lowers the limit by a tenth at the end of its window; an ignorable call is no sample.
  ///   - latency: How long the call ran.
  ///   - running: How many ran together with it, itself included.
  package mutating func record(_ verdict: Verdict, latency: Duration, running: Int, at now: Instant) -> Int? {
    var current = window ?? Window(end: now.advanced(by: windowLength))
    current.mostRunning = max(current.mostRunning, running)
    if verdict == .success { current.latencySum += Double(max(latency.wholeNanoseconds, 1)) }
    if verdict == .failure { current.hasFailures = true }
    if verdict != .ignorable { current.samples += 1 }
    window = current
    let before = limit
    if phase == .draining {
      // What began under load says nothing about the latency without it.
      if running <= before { phase = .measuring }
      window = nil
    } else if now >= current.end, current.samples >= Self.leastSamples {
      window = nil
      step(current, at: now)
    }
    return limit == before ? nil : limit
  }

  private mutating func step(_ window: Window, at now: Instant) {
    if window.hasFailures {
      estimate = max(lowest, estimate * 0.9)
      phase = .adapting
      return
    }
    let latency = window.latencySum / Double(window.samples)
    let isInUse = Double(window.mostRunning) * 2 > estimate
    if phase == .measuring || !isInUse || unloaded == 0 {
      unloaded = latency
      nextProbe = now.advanced(by: probeInterval)
      phase = .adapting
      return
    }
    unloaded = min(unloaded, latency)
    if now >= nextProbe {
      phase = .draining
      return
    }
    let gradient = min(max(tolerance * unloaded / latency, 0.5), 1)
    let target = estimate * gradient + estimate.squareRoot()
    estimate = min(max(estimate + (target - estimate) * smoothing, lowest), highest)
  }
}
