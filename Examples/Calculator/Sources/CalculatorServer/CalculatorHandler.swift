import CalculatorAPI

/// The calculator. An actor, because calls of different clients run at the same time.
actor CalculatorHandler: Calculator.Handler {
  private var log: [Int32: SharedStruct] = [:]

  func ping() async throws { print("ping()") }

  func add(num1: Int32, num2: Int32) async throws -> Int32 {
    print("add(\(num1), \(num2))")
    return num1 &+ num2
  }

  func calculate(logid: Int32, w work: Work) async throws -> Int32 {
    print("calculate(\(logid), \(work.num1) \(work.op.symbol) \(work.num2))")
    let result = try value(of: work)
    log[logid] = SharedStruct(key: logid, value: String(result))
    return result
  }

  func zip() async throws { print("zip()") }

  func getStruct(key: Int32) async throws -> SharedStruct {
    print("getStruct(\(key))")
    return log[key] ?? SharedStruct(key: key)
  }

  private func value(of work: Work) throws -> Int32 {
    switch work.op {
    case .ADD: return work.num1 &+ work.num2
    case .SUBTRACT: return work.num1 &- work.num2
    case .MULTIPLY: return work.num1 &* work.num2
    case .DIVIDE:
      let (quotient, impossible) = work.num1.dividedReportingOverflow(by: work.num2)
      if impossible { throw InvalidOperation(whatOp: work.op.rawValue, why: "cannot divide by \(work.num2)") }
      return quotient
    default: throw InvalidOperation(whatOp: work.op.rawValue, why: "unknown operation")
    }
  }
}
