include "parties.thrift"

// As in Hive: a Java peer leaves out what is null.
struct Table {
  1: string tableName
  2: i32 createTime
  3: list<string> columns
  4: map<string, string> parameters
  5: string viewOriginalText
  6: parties.Party owner
  7: parties.Kind ownerKind = Kind.PERSON
  8: optional bool temporary
  9: optional Table parent
}

exception NoSuchTable {
  1: string message
}

service Tables {
  Table get(1: string name) throws (1: NoSuchTable missing)
  void alter(1: string name, 2: Table table) throws (1: NoSuchTable missing)
}
