/** Something to wait for. */
service Crowded {
  i32 wait()
}
