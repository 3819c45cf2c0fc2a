/** Names that mean something to Swift. */
namespace swift nasty

struct Error { 1: string Error, 2: i32 error }
struct Type { 1: i32 Type, 2: string type }
struct Self { 1: string Self, 2: string self }
struct String { 1: string String, 2: i32 Int32 }
struct Result { 1: string Result, 2: optional Error success }
struct Task { 1: i32 Task, 2: list<Task> tasks }
struct Optional { 1: optional string Optional, 2: optional Optional some, 3: i32 none }
struct Array { 1: list<Array> Array, 2: list<i32> elements }
struct Dictionary { 1: map<string, Dictionary> Dictionary }
struct Set { 1: set<i32> Set }
struct Sendable { 1: bool Sendable }
struct Hashable { 1: bool Hashable }
struct Never { 1: bool Never }
struct Any { 1: bool Any }

struct Keywords {
  1: i32 class, 2: i32 func, 3: i32 var, 4: i32 let, 5: i32 inout, 6: i32 in, 7: i32 is, 8: i32 as, 9: i32 nil
  10: i32 default, 11: i32 where, 12: i32 protocol, 13: i32 extension, 14: i32 operator, 15: i32 init, 16: i32 self
  17: i32 super, 18: i32 guard, 19: i32 defer, 20: i32 repeat, 21: i32 subscript, 22: i32 import, 23: i32 internal
  24: i32 fileprivate, 25: i32 rethrows, 26: i32 associatedtype, 27: i32 await, 28: i32 actor, 29: i32 any, 30: i32 some
  31: i32 description, 32: i32 hash, 33: i32 hashValue, 34: i32 write, 35: i32 encode, 36: i32 decode
  37: i32 thriftName, 38: i32 thriftBytes, 39: i32 reader, 40: i32 writer, 41: i32 field, 42: i32 value, 43: i32 seen
  44: i32 value1, 45: i32 list, 46: i32 map, 47: i32 count, 48: i32 other, 49: i32 hasher, 50: i32 lhs, 51: i32 rhs
  52: i32 open, 53: i32 get, 54: i32 set, 55: i32 didSet, 56: i32 willSet, 57: i32 Protocol, 58: i32 _next
}

union Cases {
  1: i32 class, 2: i32 default, 3: i32 unknown, 4: Self self, 5: string init, 6: Type Type, 7: i32 some, 8: i32 none
}

enum Names { default, self, init, rawValue, allCases, description, hash, Type, name, RawValue, some, none }

exception Exception { 1: string message, 2: i32 description, 3: string localizedDescription }

service Service {
  Result Result(1: Error error, 2: Self self) throws (1: Exception error)
  void init(1: i32 inout, 2: i32 in)
  String default(1: String String)
  Task Task(1: Task task)
  oneway void self()
  i32 call(1: i32 caller, 2: i32 call)
}
