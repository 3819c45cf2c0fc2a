import Testing

@Suite("Services")
struct ServiceTests {
  @Test("the text of a service, but for its structs")
  func service() throws {
    let swift = try generate(
      """
      exception Full {}
      service Base { void ping() }
      /** Keeps things. */
      service Store extends Base {
        /** Puts one. */
        i32 put(/** What it is. */ 1: string item, 2: i32 count = 1) throws (1: Full full) (idempotent = "false", a = "x", a = "y")
        oneway void forget()
      }
      """)
    let start = try #require(swift.firstRange(of: "/// Keeps things.")).lowerBound
    let end = try #require(swift[start...].firstRange(of: "  /// The arguments of the functions")).lowerBound
    #expect(
      swift[start..<end] == """
        /// Keeps things.
        nonisolated public enum Store: SeaThrift::DeclaredService {
          public static let serviceName: Swift::String = "Store"
          public static let methodNames: [Swift::String] = ["Store.put", "Store.forget"] + Base.methodNames

          /// What a server of `Store` implements.
          public protocol Handler: Base.Handler {
            /// Puts one.
            ///
            /// - Parameter item: What it is.
            nonisolated(nonsending) func put(item: Swift::String, count: Swift::Int32) async throws -> Swift::Int32

            nonisolated(nonsending) func forget() async throws
          }

          /// Calls the functions of `Store`.
          public struct Client: SeaThrift::ThriftClient {
            /// What makes the calls.
            public let caller: any SeaThrift::ThriftCaller

            /// Creates a client that calls through `caller`.
            public init(_ caller: any SeaThrift::ThriftCaller) {
              self.caller = caller
            }

            /// Puts one.
            ///
            /// - Parameter item: What it is.
            nonisolated(nonsending) public func put(
              item: Swift::String,
              count: Swift::Int32 = 1
            ) async throws -> Swift::Int32 {
              try await self.caller.call(Store.put, .init(item: item, count: count))
            }

            nonisolated(nonsending) public func forget() async throws {
              try await self.caller.call(Store.forget, .init())
            }

            nonisolated(nonsending) public func ping() async throws {
              try await self.caller.call(Base.ping, .init())
            }
          }

          /// Puts one.
          public static let put = SeaThrift::MethodDescriptor<Arguments.put, Results.put>(
            service: "Store",
            methods: Self.methodNames,
            name: "put",
            isOneway: false,
            idempotency: .notIdempotent,
            annotations: ["idempotent": ["false"], "a": ["x", "y"]]
          )

          public static let forget = SeaThrift::MethodDescriptor<Arguments.forget, SeaThrift::OnewayResult>(
            service: "Store",
            methods: Self.methodNames,
            name: "forget",
            isOneway: true,
            idempotency: .unknown,
            annotations: [:]
          )

          public static var ping: SeaThrift::MethodDescriptor<Base.Arguments.ping, Base.Results.ping> {
            Base.ping
          }

          /// The service as a server hosts it, every method bound to a handler.
          public static func service(_ handler: some Handler) -> SeaThrift::ThriftService {
            SeaThrift::ThriftService("Store", [
              SeaThrift::ServiceMethod(Self.put) { arguments in
                try await handler.put(item: arguments.item, count: arguments.count)
              },
              SeaThrift::ServiceMethod(Self.forget) { _ in
                try await handler.forget()
              },
              SeaThrift::ServiceMethod(Self.ping) { _ in
                try await handler.ping()
              }
            ])
          }


        """)
  }

  @Test("an answer is a result or one of the declared exceptions")
  func answer() throws {
    let swift = try generate("exception A {} exception B {} service S { i32 f() throws (1: A success, 2: B b) }")
    let start = try #require(swift.firstRange(of: "public struct f: SeaThrift::ThriftResult {")).lowerBound
    let end = try #require(swift[start...].firstRange(of: "public init(from reader")).lowerBound
    #expect(
      swift[start..<end] == """
        public struct f: SeaThrift::ThriftResult {
              public static var thriftName: Swift::String { "f_result" }

              public var success: Swift::Int32?
              public var success_: A?
              public var b: B?

              public typealias Success = Swift::Int32

              public init(success: Swift::Int32) { self.success = success }

              public init?(declared error: any Swift::Error) {
                switch error {
                case let error as A: self.success_ = error
                case let error as B: self.b = error
                default: return nil
                }
              }

              public func get() throws -> Swift::Int32? {
                if let value = self.success { return value }
                if let error = self.success_ { throw error }
                if let error = self.b { throw error }
                return nil
              }


        """ + "      ")
  }

  @Test(
    "the annotation idempotent is understood",
    arguments: [
      ("idempotent = '0'", ".notIdempotent"), ("idempotent = '0', readonly", ".notIdempotent"),
      ("cpp.idempotent = 'false'", ".notIdempotent"), ("other = '1'", ".unknown"),
    ])
  func idempotency(annotation: String, value: String) throws {
    let swift = try generate("service S { void f() (\(annotation)) }")
    #expect(lines(of: swift, with: "idempotency:") == ["idempotency: \(value),"])
  }

  @Test(
    "that a method is idempotent is part of its type, and of that of who inherits it",
    arguments: ["idempotent", "idempotent = 'true'", "cpp.idempotent = '1'", "readonly", "cpp.readonly = 'true'"])
  func idempotent(annotation: String) throws {
    let swift = try generate("service S { void f() (\(annotation)) } service T extends S {}")
    #expect(lines(of: swift, with: "idempotency:") == [])
    #expect(
      lines(of: swift, with: "IdempotentMethod<") == [
        "public static let f = SeaThrift::IdempotentMethod<Arguments.f, Results.f>(",
        "public static var f: SeaThrift::IdempotentMethod<S.Arguments.f, S.Results.f> {",
      ])
    #expect(lines(of: swift, with: "caller.call").allSatisfy { $0.contains("S.f.descriptor, ") })
    #expect(lines(of: swift, with: "SeaThrift::ServiceMethod(").allSatisfy { $0.contains("Self.f.descriptor") })
  }

  @Test("the annotations of an exception tell policies what it means")
  func traits() throws {
    let swift = try generate(
      """
      exception A {} (retryable, breaker = "true")
      exception B {} (cpp.transient, safe = "1", retryable = "false")
      exception C {} (other = "x")
      """)
    #expect(
      lines(of: swift, with: "static var traits") == [
        "public static var traits: SeaThrift::ExceptionTraits { .init(isRetryable: true, isFailure: true) }",
        "public static var traits: SeaThrift::ExceptionTraits { .init(isSafe: true) }",
      ])
    #expect(swift.contains("struct C: SeaThrift::ThriftException"))
  }

  @Test("the field of an exception that says when to come back")
  func retryAfter() throws {
    let swift = try generate(
      """
      exception A { 1: i32 wait (retry.after = "seconds") }
      exception B { 1: optional double retryAdvice (retry.after = "milliseconds") } (retryable = "false")
      """)
    #expect(
      lines(of: swift, with: "var retryAdvice:") == [
        "public var retryAdvice: SeaThrift::RetryAdvice? "
          + "{ SeaThrift::RetryAdvice(seconds: Swift::Double(self.wait)) }",
        "public var retryAdvice: SeaThrift::RetryAdvice? "
          + "{ self.retryAdvice_.map { SeaThrift::RetryAdvice(milliseconds: Swift::Double($0)) } }",
      ])
    #expect(swift.contains("struct A: SeaThrift::ClassifiedException, SeaThrift::RetryAdvising"))
    #expect(swift.contains("struct B: SeaThrift::ThriftException, SeaThrift::RetryAdvising"))
    #expect(lines(of: swift, with: "static var traits").count == 1)
  }

  @Test("what a handler inherits is found beside a type of the same name")
  func inherited() throws {
    #expect(try generate("service S {}").contains("public protocol Handler: SeaThrift::ThriftHandler {"))
    let shadowed = try generate("struct ThriftHandler {} service S {}")
    #expect(shadowed.contains("public protocol Handler: `SeaThrift.ThriftHandler` {"))
  }
}
