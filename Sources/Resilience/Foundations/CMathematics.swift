// Square roots and rounding of Double are calls into the C library where the compiler does not inline them, and only an
// import links it.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif
