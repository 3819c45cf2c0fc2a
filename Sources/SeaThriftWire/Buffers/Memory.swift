import CSeaThriftSystem
import Glibc

/// The memory of buffers: the C library's for small blocks, pages of the system's for large ones.
///
/// Large blocks ask for large pages (2 MiB), which are zeroed, mapped and found 512 times less often than small ones:
/// the first use of fresh pages is otherwise what large messages spend most of their time with.
enum Memory {
  /// From this size on a block has pages of its own.
  private static let largeBytes = 2 << 20
  private static let pageBytes = 4096

  static func allocate(_ count: Int) -> UnsafeMutableRawPointer {
    if count >= largeBytes { return map(count) }
    guard let block = malloc(count) else { outOfMemory(count) }
    return block
  }

  /// Makes a block larger or smaller, and keeps the bytes that both have room for.
  static func reallocate(_ block: UnsafeMutableRawPointer, from old: Int, to new: Int) -> UnsafeMutableRawPointer {
    if old < largeBytes, new < largeBytes {
      guard let block = realloc(block, new) else { outOfMemory(new) }
      return block
    }
    if old >= largeBytes, new >= largeBytes {
      // The pages themselves are moved, to where large ones stay whole.
      let target = map(new)
      guard seathrift_remap(block, rounded(old), rounded(new), target) == target else { outOfMemory(new) }
      return target
    }
    let moved = allocate(new)
    moved.copyMemory(from: block, byteCount: min(old, new))
    free(block, old)
    return moved
  }

  static func free(_ block: UnsafeMutableRawPointer?, _ count: Int) {
    guard let block else { return }
    if count >= largeBytes { munmap(block, rounded(count)) } else { Glibc.free(block) }
  }

  /// Asks for large pages for memory that is about to be used for the first time.
  static func preferLargePages(_ block: UnsafeMutableRawBufferPointer) {
    guard let base = block.baseAddress, block.count >= largeBytes else { return }
    let start = base.alignedUp(toMultipleOf: largeBytes)
    let count = start.distance(to: base + block.count) & -largeBytes
    // Only a wish: without large pages, small ones do.
    if count > 0 { _ = madvise(start, count, MADV_HUGEPAGE) }
  }

  /// Maps pages that begin where a large page may.
  private static func map(_ count: Int) -> UnsafeMutableRawPointer {
    let wanted = rounded(count)
    let reserved = wanted + largeBytes
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let pages = mmap(nil, reserved, PROT_READ | PROT_WRITE, flags, -1, 0),
      pages != UnsafeMutableRawPointer(bitPattern: -1)
    else { outOfMemory(count) }
    let block = pages.alignedUp(toMultipleOf: largeBytes)
    let before = pages.distance(to: block)
    if before > 0 { munmap(pages, before) }
    munmap(block + wanted, largeBytes - before)
    // All of it, so that it stays one mapping, which can be moved.
    _ = madvise(block, wanted, MADV_HUGEPAGE)
    return block
  }

  private static func rounded(_ count: Int) -> Int { (count + pageBytes - 1) & -pageBytes }

  private static func outOfMemory(_ count: Int) -> Never {
    // As everywhere in Swift: limits keep what one peer can ask for small, and there is no going on without memory.
    fatalError("out of memory: \(count) bytes")
  }
}
