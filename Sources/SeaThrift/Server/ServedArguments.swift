import SeaThriftTime
import SeaThriftWire

/// The arguments of a call that interceptors stand around: decoded by whoever asks first, once.
///
/// What is left behind by an interceptor may ask when the call is over; it gets what was read, or an error.
@usableFromInline
final class ServedArguments<Arguments: ThriftStruct, Result: ThriftResult>: Sendable {
  @usableFromInline
  typealias Decode = @Sendable () throws(UnreadableArguments) -> Arguments

  private enum State {
    case unread(Decode)
    case read(Arguments)
    case unreadable(UnreadableArguments)
    case over
  }

  private let state: Lock<State>

  @usableFromInline
  init(_ decode: @escaping Decode) { state = Lock(.unread(decode)) }

  @usableFromInline
  func get() throws -> Arguments {
    try state.withLock { state in
      switch state {
      case .read(let arguments): return arguments
      case .unreadable(let error): throw error
      case .over: throw CodecError(.unsupported, "the call is over, and nobody had asked for its arguments")
      case .unread(let decode):
        do throws(UnreadableArguments) {
          let arguments = try decode()
          state = .read(arguments)
          return arguments
        } catch {
          state = .unreadable(error)
          throw error
        }
      }
    }
  }

  /// The bytes of the arguments are the connection's again.
  @usableFromInline
  func callEnded() {
    state.withLock { if case .unread = $0 { $0 = .over } }
  }
}

extension ServedArguments: CallValues {
  @usableFromInline
  var arguments: any ThriftStruct { get throws { try get() } }

  @usableFromInline
  func resultStruct(of value: Any) -> (any ThriftStruct)? { Result.wrapping(value) }
}
