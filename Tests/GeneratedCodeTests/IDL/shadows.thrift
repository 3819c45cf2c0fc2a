namespace swift shadows

// Both the module and the protocol that a name is looked up in are hidden here; that this compiles is the test.
struct Swift { 1: i32 a }
struct Sendable { 1: Swift s }
service Hidden { Swift get(1: Sendable x) }
