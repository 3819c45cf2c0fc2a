/** One line of a payload. */
struct Item {
  1: i64 id
  2: string name
  3: double score
  4: bool active
}

/** A message of medium size: 709 bytes in the binary protocol, as `samplePayload()` makes it. */
struct Payload {
  1: i64 id
  2: string title
  3: binary blob
  4: list<Item> items
  5: map<string, i32> counts
  6: optional i32 extra
}

/** Nothing has this key. */
exception NotFound {
  1: string key
}

/** What is measured: nothing, little, and a medium message in and out. */
service Bench {
  void ping()
  i32 add(1: i32 a, 2: i32 b)
  Payload echo(1: Payload p) throws (1: NotFound nf)
}
