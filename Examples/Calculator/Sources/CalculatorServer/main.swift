import CalculatorAPI
import SeaThrift

// CalculatorServer [PORT]: serves until it is killed. PORT is 9090 unless given; 0 picks a free one.

let port = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 9090 : 9090
let server = try ThriftServer(on: .tcp("127.0.0.1", port)) {
  Calculator.service(CalculatorHandler())
}
print("listening at \(try await server.bind())")
try await server.run()
