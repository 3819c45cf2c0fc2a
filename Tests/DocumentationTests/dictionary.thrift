exception Unknown {
  1: string word
}

service Dictionary {
  string define(1: string word) throws (1: Unknown unknown)
  oneway void looked(1: string word)
}

exception TemporarilyUnavailable {
  1: string reason
}
