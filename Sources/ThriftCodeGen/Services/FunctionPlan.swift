import ThriftIDL

/// A function of a service with its Swift names.
struct FunctionPlan {
  let function: Function

  /// The service that declares it.
  let service: DefinitionID

  /// The Swift name of the method, of its descriptor, and of its arguments and answer.
  let name: SwiftName

  /// Its arguments.
  let arguments: [Property]

  /// Its declared exceptions.
  let exceptions: [Property]

  var returnsNothing: Bool {
    if case .void = function.returnType.shape { true } else { false }
  }

  init(_ function: Function, of service: DefinitionID, name: SwiftName) {
    self.function = function
    self.service = service
    self.name = name
    arguments = Property.properties(function.arguments, reserved: ReservedNames.structure)
    exceptions = Property.properties(function.exceptions, reserved: ReservedNames.result, optionalDefaults: true)
  }
}

extension Module {
  /// A service's own functions.
  func functions(of service: DefinitionID) -> [FunctionPlan] {
    if let functions = functionsByService[service] { return functions }
    let functions = program[service].service?.functions ?? []
    var allocation = NameAllocation(
      reserved: ReservedNames.service.union(inheritedFunctions(of: service).map(\.name.text)))
    let names = allocation.allocate(functions.map(\.name))
    let plans = zip(functions, names).map { FunctionPlan($0, of: service, name: $1) }
    functionsByService[service] = plans
    return plans
  }

  /// The functions that a service inherits, the nearest ancestor's first.
  func inheritedFunctions(of service: DefinitionID) -> [FunctionPlan] {
    program.ancestors(of: service).flatMap(functions)
  }
}
