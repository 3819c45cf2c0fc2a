struct PageHeader {
  1: i32 size
}
