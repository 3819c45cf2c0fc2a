import Resilience
import SeaThriftTime
import SeaThriftWire

/// A call of a client: its arguments, encoded once however often they are sent, and what becomes of it.
///
/// The types of the method end here. Whatever is between this and the socket handles bytes, and is compiled once, not
/// looked up for the types of each call.
typealias ClientCall = any CallRecord & CallTyping

/// What is to be known of a call without its types.
class CallRecord: @unchecked Sendable {
  // @unchecked: made by the caller; from then on until the call is over, what changes is confined to the loop's thread.

  let method: MethodFacts
  /// The method's name on the wire.
  let wireName: String
  /// The encoded arguments, to be read between ``beginSending(_:)`` and ``endSending()``.
  @exclusivity(unchecked) final private(set) var body: WireBuffer
  /// The key-value headers that go with it.
  let headers: [String: String]
  /// The policies that are this call's own.
  let override: CallOverride?
  /// The deadline that the caller inherits.
  let deadline: Instant
  /// What consistent hashing goes by.
  let hash: UInt64
  /// How the attempts go. Those of a hedged call share it.
  @exclusivity(unchecked) final var progress = CallProgress()
  /// Where its events go, if anybody wants to know.
  final var watch: CallWatch?
  @exclusivity(unchecked) private var senders = 0
  @exclusivity(unchecked) private var hasBody = true

  /// Larger bodies are let go of once they are sent: the reply may be as large.
  private static let largestKeptBody = 1024 * 1024

  fileprivate init(
    _ method: MethodFacts, _ body: consuming WireBuffer, _ options: CallOptions?, _ form: RequestForm, hash: UInt64
  ) {
    self.method = method
    wireName = form.multiplexedService.map { "\($0):\(method.name)" } ?? method.name
    self.body = body
    headers = options?.headers ?? [:]
    override = options?.override
    deadline = Deadline.current ?? .distantFuture
    self.hash = hash
  }

  /// What tells identical calls from others: the method, the headers and the arguments.
  var identity: [UInt8] {
    var bytes = Array(method.qualifiedName.utf8) + [0]
    for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
      bytes += Array(name.utf8) + [0] + Array(value.utf8) + [0]
    }
    bytes.append(0)
    bytes += body.joinedBytes
    return bytes
  }

  // MARK: The body

  /// Makes sure that there is a body, until as many calls of ``endSending()`` as of this.
  ///
  /// - Parameter makeBody: encodes the arguments once more.
  final func beginSending(_ makeBody: () throws(RPCError) -> WireBuffer) throws(RPCError) {
    if !hasBody {
      body = try makeBody()
      hasBody = true
    }
    senders += 1
  }

  /// Lets go of a large body that nobody sends at the moment. Another attempt has it encoded anew.
  final func endSending() {
    senders -= 1
    guard senders == 0, body.count > Self.largestKeptBody else { return }
    body = WireBuffer()
    hasBody = false
  }
}

/// What a call does by knowing its types.
protocol CallTyping: CallRecord {
  /// What interceptors of attempts may look at.
  var values: any CallValues { get }

  /// Encodes the arguments, for a second time.
  func makeBody(_ format: ThriftFormat, _ limits: WireLimits) throws(RPCError) -> WireBuffer

  /// The same call once more, with nothing done yet.
  func again(_ form: RequestForm) throws(RPCError) -> ClientCall

  /// Takes the body of a reply: keeps the result, or returns the exception that it holds.
  ///
  /// - Parameter block: What the body lies in, if large values may keep it.
  func takeReply(
    _ body: UnsafeRawBufferPointer, in block: LargeBlock?, _ format: ThriftFormat, _ limits: WireLimits
  ) throws(RPCError) -> Answer

  /// Ends a call of a oneway method, which has no result.
  func takeNothing()

  /// The result, for calls that are identical.
  func shared() throws(RPCError) -> any Sendable

  /// Takes the result of an identical call.
  func takeShared(_ success: any Sendable) throws(RPCError)

  /// The result as bytes, for a cache.
  func resultBytes(_ form: RequestForm) throws -> [UInt8]

  /// Whether bytes are what ``resultBytes(_:)`` may have yielded.
  func isResult(_ bytes: [UInt8], _ form: RequestForm) -> Bool

  /// Takes the result that a cache holds.
  func takeResult(_ bytes: [UInt8], _ form: RequestForm) throws
}

/// A call of a method with its types.
final class TypedCall<Arguments: ThriftStruct, Result: ThriftResult>: CallRecord, CallTyping, @unchecked Sendable {
  // @unchecked: as its superclass.

  private let encoded: Arguments
  private let descriptor: MethodDescriptor<Arguments, Result>
  /// Of the two attempts of a hedged call, either's is right.
  private var success: Result.Success?

  init(
    _ method: MethodDescriptor<Arguments, Result>, _ arguments: Arguments, _ form: RequestForm, hash: UInt64 = 0
  ) throws(RPCError) {
    encoded = arguments
    descriptor = method
    let options = CallOptions.current
    do throws(CodecError) {
      for (name, value) in options?.headers ?? [:] { try form.framing.checkHeader(name, value) }
      let body = try method.encode(arguments, form.format, form.limits)
      super.init(method.facts, body, options, form, hash: hash)
    } catch {
      throw RPCError(invalid: error, method.qualifiedName)
    }
  }

  var values: any CallValues { self }

  func makeBody(_ format: ThriftFormat, _ limits: WireLimits) throws(RPCError) -> WireBuffer {
    do throws(CodecError) {
      return try descriptor.encode(encoded, format, limits)
    } catch {
      throw RPCError(invalid: error, method.qualifiedName)
    }
  }

  func again(_ form: RequestForm) throws(RPCError) -> ClientCall {
    try TypedCall(descriptor, encoded, form, hash: hash)
  }

  /// The result of a call that succeeded.
  func result() throws(RPCError) -> Result.Success {
    guard let success else { throw .mismatch(.missingResult, "the call ended without a result") }
    return success
  }

  func takeReply(
    _ body: UnsafeRawBufferPointer, in block: LargeBlock?, _ format: ThriftFormat, _ limits: WireLimits
  ) throws(RPCError) -> Answer {
    let result: Result
    do throws(CodecError) {
      result = try descriptor.decode(body, block, format, limits)
    } catch {
      throw RPCError(.protocolError, error.message, cause: error)
    }
    do {
      if let success = try result.get() {
        self.success = success
        return .success
      }
    } catch {
      return .declared(error)
    }
    throw .mismatch(.missingResult, "the reply holds neither a result nor an exception")
  }

  func takeNothing() { success = () as? Result.Success }

  func shared() throws(RPCError) -> any Sendable { try result() }

  func takeShared(_ shared: any Sendable) throws(RPCError) {
    guard let success = shared as? Result.Success else {
      throw .mismatch(.missingResult, "the call that was shared has another result")
    }
    self.success = success
  }

  func resultBytes(_ form: RequestForm) throws -> [UInt8] {
    try Result(success: result()).thriftBytes(form.format, limits: form.limits)
  }

  func isResult(_ bytes: [UInt8], _ form: RequestForm) -> Bool {
    (try? Result(thriftBytes: bytes, form.format, limits: form.limits).get()) as Result.Success? != nil
  }

  func takeResult(_ bytes: [UInt8], _ form: RequestForm) throws {
    guard let success = try Result(thriftBytes: bytes, form.format, limits: form.limits).get() else {
      throw RPCError.mismatch(.missingResult, "the cache holds no result")
    }
    self.success = success
  }
}

extension TypedCall: CallValues {
  var arguments: any ThriftStruct { encoded }

  /// The result that the attempt has brought: an interceptor's `next` returns only that it did.
  func resultStruct(of value: Any) -> (any ThriftStruct)? {
    guard case .success? = value as? Answer else { return nil }
    return success.map { Result(success: $0) }
  }
}

extension RPCError {
  /// The error of arguments that cannot be sent.
  fileprivate init(invalid error: CodecError, _ method: String) {
    let code: Code = error.code == .missingRequiredField ? .protocolError : .invalidRequest
    self.init(code, error.message, cause: error, method: method, isUnsent: true)
  }
}

/// What of a configuration makes the form of requests. Much smaller than all of it, which would be copied for each call.
struct RequestForm: Sendable {
  let framing: Framing
  let format: ThriftFormat
  let limits: WireLimits
  let multiplexedService: String?

  init(_ configuration: ClientConfiguration) {
    framing = configuration.framing
    format = configuration.format
    limits = configuration.limits
    multiplexedService = configuration.multiplexedService
  }
}
