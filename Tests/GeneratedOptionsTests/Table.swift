// Beside Table.thrift: a module cannot have two files of one name, so what is generated has another one.
extension Table {
  /// What a Java peer would call the table when it prints it.
  var title: String { tableName ?? "null" }
}
