struct User {
  1: required i32 id
  2: string name
}

exception NotFound {
  1: i32 id
}

service Users {
  void store(1: User user)
  User retrieve(1: i32 id) throws (1: NotFound notFound) (idempotent = "true")
}

exception TryLater {
  1: i32 wait (retry.after = "milliseconds")
}
