include "shared.thrift"

/** What can be calculated. */
enum Operation {
  ADD = 1
  SUBTRACT = 2
  MULTIPLY = 3
  DIVIDE = 4
}

/** The largest quotient has no remainder. */
const i32 LARGEST = 2147483647

/** One calculation. */
struct Work {
  1: i32 num1 = 0
  2: i32 num2
  3: Operation op
  4: optional string comment
}

/** A calculation that has no result. */
exception InvalidOperation {
  1: i32 whatOp
  2: string why
}

/** Calculates, and remembers. */
service Calculator extends shared.SharedService {
  /** Nothing: is anybody there? */
  void ping()

  /** The sum of two numbers. */
  i32 add(1: i32 num1, 2: i32 num2)

  /** The result of a calculation, which is kept under `logid`. */
  i32 calculate(1: i32 logid, 2: Work w) throws (1: InvalidOperation ouch)

  /** A message that nobody answers. */
  oneway void zip()
}
