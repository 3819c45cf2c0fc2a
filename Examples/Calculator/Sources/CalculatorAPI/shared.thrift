/** A result that was kept, with the key it was kept under. */
struct SharedStruct {
  1: i32 key
  2: string value
}

/** Services that keep results let others look at them. */
service SharedService {
  /** The result of the calculation with this log id; empty when there was none. */
  SharedStruct getStruct(1: i32 key)
}
