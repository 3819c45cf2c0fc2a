import ThriftIDL

/// The Swift module that a program becomes: what the generators of its parts share.
final class Module {
  let program: Program
  let access: AccessLevel
  /// Whether fields of default requiredness become optional ones.
  let optionalDefaults: Bool
  let names: ModuleNames

  /// The declarations of the module itself that are hidden somewhere by a name further in, with their second names.
  private(set) var aliases: [SwiftName: SwiftName] = [:]

  /// How many parts the zero values of structs have, as far as that was asked for.
  var zeroValueSizes: [DefinitionID: Int] = [:]

  /// The functions of services, as far as they were asked for.
  var functionsByService: [DefinitionID: [FunctionPlan]] = [:]

  private var propertiesByStructure: [DefinitionID: [Property]] = [:]
  private var valueNamesByEnumeration: [DefinitionID: [SwiftName]] = [:]

  init(_ program: Program, access: AccessLevel, optionalDefaults: Bool) {
    self.program = program
    self.access = access
    self.optionalDefaults = optionalDefaults
    names = ModuleNames(program)
  }

  /// The second name of a declaration of the module itself; the file that declares it will declare the alias too.
  func alias(for name: SwiftName) -> SwiftName {
    if let alias = aliases[name] { return alias }
    let alias = names.alias(for: name)
    aliases[name] = alias
    return alias
  }

  /// The stored properties of a struct or exception, or the cases of a union.
  func properties(of structure: DefinitionID) -> [Property] {
    if let properties = propertiesByStructure[structure] { return properties }
    guard let definition = program[structure].structure else { return [] }
    var reserved = definition.kind == .union ? ReservedNames.union : ReservedNames.structure
    if definition.retryAdvice != nil { reserved.insert("retryAdvice") }
    let properties = Property.properties(
      definition.fields, reserved: reserved, optionalDefaults: optionalDefaults)
    propertiesByStructure[structure] = properties
    return properties
  }

  /// The names of an enum's values.
  func valueNames(of enumeration: DefinitionID) -> [SwiftName] {
    if let names = valueNamesByEnumeration[enumeration] { return names }
    var allocation = NameAllocation(reserved: ReservedNames.enumeration)
    let names = allocation.allocate(program[enumeration].enumeration?.values.map(\.name) ?? [])
    valueNamesByEnumeration[enumeration] = names
    return names
  }
}
