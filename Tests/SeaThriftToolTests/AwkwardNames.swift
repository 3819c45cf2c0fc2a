import Foundation

/// Names that generated code, the runtime, the standard library or the language itself uses, and IDL in which everything
/// is called so.
enum AwkwardNames {
  /// With all of them the compiler has work for minutes: a plain run of the tests does with the worst. `.ci/run` sets the
  /// variable.
  static let isComplete = ProcessInfo.processInfo.environment["SEATHRIFT_ALL_NAMES"] != nil

  static let names = (isComplete ? worst + " " + others : worst).split { $0 == " " || $0 == "\n" }.map(String.init)

  private static let worst = """
    Int32 String Array Optional Result Never Error Any Self Type Swift Sendable Task Duration SeaThrift Resilience
    Handler Client Arguments Results ThriftStruct ThriftHandler ThriftUnion self init description unknown value where
    inout __owned _
    """

  private static let others = """
    Int Int8 Int16 Int64 UInt8 UInt64 Bool Double Float Character Substring Unicode StaticString Dictionary Set Void
    AnyObject Protocol Hashable Equatable Codable Comparable Identifiable Copyable Escapable BitwiseCopyable
    CaseIterable RawRepresentable RawValue AllCases CustomStringConvertible Hasher Sequence Collection
    IteratorProtocol Range ClosedRange TaskGroup Actor GlobalActor MainActor CancellationError Instant Clock
    ContinuousClock SendableMetatype Foundation Data Date URL UUID Glibc SeaThriftTesting SeaThriftWire
    SeaThriftSockets SeaThriftTime Args Reply Success Failure Descriptor Method Service Server Message Field Value Key
    Element Index Iterator Reader Writer Package Module ThriftException ThriftEnum ThriftReader ThriftWriter
    ThriftResult ThriftService DeclaredService ThriftClient ThriftCaller MethodDescriptor IdempotentMethod
    ServiceMethod OnewayResult CodecError ThriftType ThriftUUID ThriftValue Boxed UnknownUnionMember BinaryReader
    BinaryWriter CompactReader
    CompactWriter JSONReader JSONWriter ExceptionTraits ClassifiedException RetryAdvice RetryAdvising Policy Retry
    Endpoint ServiceGroup Deadline Hedge Fallback Pool Timeouts CircuitBreaker Balance ThriftServer type super deinit
    subscript default debugDescription hashValue hash encode decode write read get result error reader writer field
    seen count element key make success handler caller arguments serviceName methodNames method call name rawValue
    allCases thriftName thriftBytes thriftZero empty none some traits retryAdvice other lhs rhs hasher wrappedValue
    projectedValue print isUnset Type_ Self_ init_ self_ description_ unknown_ await actor isolated nonisolated
    rethrows let var func class protocol extension operator import as is in if else for while do try catch guard defer
    switch case return break continue fallthrough repeat throw nil any each consuming borrowing sending consume copy
    discard yield static public private internal fileprivate open package final lazy weak unowned mutating nonmutating
    override convenience indirect dynamic prefix postfix infix left right associatedtype macro precedencegroup willSet
    didSet newValue oldValue then unsafe using borrow distributed reasync escaping autoclosure available unchecked
    retroactive _read _modify __shared __consuming _const __ _self callAsFunction dynamicMember buildBlock a b A B T U
    """

  /// A program for each kind of definition, all of them called by these names, as are the fields, arguments and values in
  /// them.
  static func programs(_ namespace: (String) -> String) -> [String: String] {
    let names = names
    func each(_ separator: String = "\n", _ text: (Int, String) -> String) -> String {
      names.enumerated().map(text).joined(separator: separator)
    }
    let fields = each(", ") { "\($0 + 1): \($1) \($1)" }
    let methods = "service Uses { " + each(" ") { "\($1) f\($0)(1: \($1) \($1), 2: list<\($1)> \($1)_)" } + " }"
    func next(_ index: Int) -> String { names[(index + 1) % names.count] }
    let types = ["i64", "list<string>", "binary", "uuid", "map<i8, double>", "set<bool>"]
    let programs = [
      "structs": each {
        "struct \($1) { 1: i32 \($1), 2: string text, 3: optional \(next($0)) next, 4: list<\($1)> list, "
          + "5: map<\($1), binary> map, 6: uuid id }\nconst \($1) Const\($0) = {'\($1)': 1}"
      } + "\nstruct Holder { \(fields) }\n" + methods,
      "unions": each { "union \($1) { 1: i32 \($1), 2: \(next($0)) next, 3: list<\($1)> list, 4: uuid id }" }
        + "\nunion Holder { \(fields) }\n" + methods,
      "enums": each { "enum \($1) { \($1), OTHER = 4 }\nconst \($1) Const\($0) = \($1).\($1)" }
        + "\nenum Holder { \(each(", ") { $1 }) }\nstruct Fields { \(fields) }\n" + methods,
      "typedefs": each { "typedef \(types[$0 % types.count]) \($1)" } + "\nstruct Holder { \(fields) }\n" + methods,
      "exceptions": each { "exception \($1) { 1: i32 \($1) (retry.after = 'seconds'), 2: string text } (retryable)" }
        + "\nservice Uses { " + each(" ") { "\($1) f\($0)(1: \($1) \($1)) throws (1: \($1) \($1))" } + " }",
      "consts": each { "const i32 \($1) = \($0)" } + "\nconst list<i32> All = [\(each(", ") { $1 })]\n"
        + "struct Holder { \(each(", ") { "\($0 + 1): i32 \($1) = \($1)" }) }",
      "services": each {
        "service \($1) { i32 \($1)(1: i32 \($1)) }\nservice More\($0) extends \($1) { i32 more(1: i32 \($1)) }"
      },
      "functions": """
      exception Problem { 1: string message }
      struct Thing { 1: i32 a }
      service Both { \(each(" ") { "Thing \($1)(1: Thing \($1)) throws (1: Problem \($1))" }) }
      service Oneway { \(each(" ") { "oneway void \($1)(1: i32 \($1))" }) }
      service Wide { i32 wide(\(each(", ") { "\($0 + 1): i32 \($1)" })) (idempotent) }
      service Heir extends Both { void heir() }
      """,
    ]
    return Dictionary(uniqueKeysWithValues: programs.map { ($0, namespace($0) + "\n" + $1) })
  }

  /// A small program with a bit of everything, some of it called by a name.
  static func program(in namespace: String, type: String) -> String {
    """
    \(namespace.isEmpty ? "" : "namespace swift \(namespace)")
    enum Color { RED = 1, BLUE = 2 }
    struct \(type) {
      1: i32 n, 2: string text, 3: optional \(type) next, 4: list<\(type)> list, 5: map<\(type), binary> map
      6: Color color = Color.RED, 7: uuid id, 8: set<Color> set, 9: bool flag, 10: double real = 1e400
      11: Color unset, 12: required Color must
    }
    union Either { 1: \(type) some, 2: i32 n }
    exception Problem { 1: string message, 2: i32 after (retry.after = "seconds") } (retryable)
    typedef list<\(type)> Many
    const \(type) ONE = {'n': 1, 'must': Color.BLUE}
    const Many MANY = [ONE]
    service Parent {
      \(type) get(1: \(type) value, 2: Many many) throws (1: Problem problem)
      oneway void ping(1: string s)
    }
    service Child extends Parent { Either either(1: list<\(type)> list) (idempotent) }
    """
  }
}
