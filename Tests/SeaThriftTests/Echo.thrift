/** What the method under test declares. */
exception Declared {
  1: string why
}

/** Something to send. */
struct Parcel {
  1: required i32 id
  2: string text
  3: optional binary data
}

/** Methods of every kind. */
service Echo {
  string echo(1: string text)
  Parcel send(1: Parcel parcel) throws (1: Declared declared)
  void nothing()
  oneway void notice(1: string text)
  string once(1: string text) (idempotent = "false")
}

/** A second service on the same port. */
service Other {
  string echo(1: string text)
}
