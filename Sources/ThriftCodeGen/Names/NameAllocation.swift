/// Gives names of the IDL their names in one scope of the generated Swift.
///
/// A name stays as it is unless it is reserved or taken; then it gets underscores at its end until it is neither. Names
/// that can stay have precedence over names that cannot, so that no name changes because of another's underscore.
struct NameAllocation {
  private let reserved: Set<String>
  private(set) var taken: Set<String> = []

  init(reserved: Set<String>) {
    self.reserved = reserved
  }

  /// Names for all of `names`, in their order.
  mutating func allocate(_ names: [String]) -> [SwiftName] {
    var result = [SwiftName?](repeating: nil, count: names.count)
    for (index, name) in names.enumerated() where !reserved.contains(name) && taken.insert(name).inserted {
      result[index] = SwiftName(name)
    }
    return zip(names, result).map { name, allocated in
      if let allocated { return allocated }
      var candidate = name + "_"
      while reserved.contains(candidate) || !taken.insert(candidate).inserted { candidate += "_" }
      return SwiftName(candidate)
    }
  }
}
