import CalculatorAPI
import SeaThrift

// CalculatorClient [PORT]: makes a few calls to a calculator on this machine.

let port = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 9090 : 9090
try await withServiceGroup("calculator", at: [.tcp("127.0.0.1", port)]) { group in
  let calculator = Calculator.Client(group)
  try await calculator.ping()
  print("1 + 1 = \(try await calculator.add(num1: 1, num2: 1))")

  do {
    let quotient = try await calculator.calculate(logid: 1, w: Work(num1: 1, num2: 0, op: .DIVIDE))
    print("whoa, we can divide by zero: \(quotient)")
  } catch let error as InvalidOperation {
    print("1 / 0: \(error.why)")
  }

  let difference = try await calculator.calculate(logid: 2, w: Work(num1: 15, num2: 10, op: .SUBTRACT))
  print("15 - 10 = \(difference)")
  print("the log says: \(try await calculator.getStruct(key: 2).value)")
  try await calculator.zip()
}
