/** What others inherit. */
service Base {
  void ping()
}

/** A service whose policies name its methods. */
service Inventory extends Base {
  i32 count(1: string item) (idempotent = "true")
  void reserve(1: string item)
}

/** Another one, which the same group may call. */
service Orders {
  i32 total()
}
