exception Busy {
  1: i64 wait (retry.after = "milliseconds")
}

exception Later {
  1: optional double retryAdvice (retry.after = "seconds")
} (retryable = "false")

service Advised {
  i32 get(1: i64 wait) throws (1: Busy busy)
}
