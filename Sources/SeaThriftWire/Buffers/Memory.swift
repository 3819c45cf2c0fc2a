import Glibc

/// The C library's memory, because it can grow a large block without copying it: the system maps its pages anew.
enum Memory {
  static func allocate(_ count: Int) -> UnsafeMutableRawPointer { checked(malloc(count), count) }

  static func reallocate(_ block: UnsafeMutableRawPointer, _ count: Int) -> UnsafeMutableRawPointer {
    checked(realloc(block, count), count)
  }

  static func free(_ block: UnsafeMutableRawPointer?) { Glibc.free(block) }

  private static func checked(_ block: UnsafeMutableRawPointer?, _ count: Int) -> UnsafeMutableRawPointer {
    // As everywhere in Swift: limits keep what one peer can ask for small, and there is no going on without memory.
    guard let block else { fatalError("out of memory: \(count) bytes") }
    return block
  }
}
