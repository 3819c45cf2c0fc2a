/** Somebody further down is down. */
exception Down {} (retryable)

/** What the simulated services do. */
service Work {
  i32 work(1: i32 n) throws (1: Down down) (idempotent = "true")
}
