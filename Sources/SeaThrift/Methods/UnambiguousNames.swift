public import SeaThriftWire

// Where a protocol is inherited, Swift 6.3.1 overlooks a module selector in front of it, and finds (or trips over) a type
// of the IDL that is called like the protocol. No IDL can have these names. Generated code uses them when it has to.

/// ``ThriftHandler``, by a name that no type of an IDL can have.
public typealias `SeaThrift.ThriftHandler` = ThriftHandler

/// ``ThriftUnion``, by a name that no type of an IDL can have.
public typealias `SeaThrift.ThriftUnion` = ThriftUnion
