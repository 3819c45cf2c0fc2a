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
    exceptions = Property.properties(function.exceptions, reserved: ReservedNames.result, allOptional: true)
  }
}

extension Module {
  /// A service's own functions.
  func functions(of service: DefinitionID) -> [FunctionPlan] {
    if let functions = functionsByService[service] { return functions }
    let functions = program[service].service?.functions ?? []
    // A function that an ancestor has too keeps its name; no other one may get that name.
    var names: [String: SwiftName] = [:]
    for inherited in program.ancestors(of: service).reversed().flatMap(self.functions) {
      names[inherited.function.name] = inherited.name
    }
    var allocation = NameAllocation(reserved: ReservedNames.service.union(names.values.map(\.text)))
    let new = functions.map(\.name).filter { names[$0] == nil }
    for (name, allocated) in zip(new, allocation.allocate(new)) { names[name] = allocated }
    let plans = functions.map { FunctionPlan($0, of: service, name: names[$0.name] ?? SwiftName($0.name)) }
    functionsByService[service] = plans
    return plans
  }

  /// The functions that a service inherits and does not declare anew, the nearest ancestor's first.
  func inheritedFunctions(of service: DefinitionID) -> [FunctionPlan] {
    var names = Set(functions(of: service).map(\.name))
    return program.ancestors(of: service).flatMap { ancestor in
      functions(of: ancestor).filter { names.insert($0.name).inserted }
    }
  }
}
