/** A user, as the storage keeps it. */
struct UserProfile {
  1: required i32 id
  2: string name
  3: optional string motto
}

/** Nobody has this id. */
exception NotFound {
  1: i32 id
}

/** The storage cannot work at the moment; another one may. */
exception TemporarilyUnavailable {
  1: string reason
}

/** Keeps users. */
service UserStorage {
  /** Keeps a user, in place of one with the same id. */
  void store(1: UserProfile user) throws (1: TemporarilyUnavailable unavailable)

  /** Finds a user. */
  UserProfile retrieve(1: i32 id) throws (1: NotFound notFound, 2: TemporarilyUnavailable unavailable)
      (idempotent = "true")
}
