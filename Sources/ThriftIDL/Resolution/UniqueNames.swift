/// Tells files of one base name apart.
enum UniqueNames {
  /// A name for each file: its base name, or that with `-2`, `-3`, … behind it.
  ///
  /// Of several files with one base name, that whose identity comes first keeps it, so that nothing depends on the order
  /// in which files were come upon. Nothing is called `main`: the constants in a `main.swift` come into being when it is
  /// run, which that of a library never is.
  static func names(of files: [(identity: String, name: String)]) -> [String] {
    let order = files.indices.sorted { files[$0].identity < files[$1].identity }
    var taken: Set<String> = ["main"]
    var names = files.map(\.name)
    let others = order.filter { !taken.insert(names[$0].lowercased()).inserted }
    for index in others {
      var number = 2
      while !taken.insert("\(files[index].name)-\(number)".lowercased()).inserted { number += 1 }
      names[index] = "\(files[index].name)-\(number)"
    }
    return names
  }
}
