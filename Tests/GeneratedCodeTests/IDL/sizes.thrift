// Containers of integers of each size, alike but for that.
namespace * sizes

enum Color {
  RED = 0
  GREEN = 7
}

struct Bytes {
  1: list<i8> plain
  2: set<i8> unique
  3: map<i8, i8> pairs
  4: map<string, list<i8>> lists
  5: map<i8, string> names
  9: i32 after
}

struct Shorts {
  1: list<i16> plain
  2: set<i16> unique
  3: map<i16, i16> pairs
  4: map<string, list<i16>> lists
  5: map<i16, string> names
  9: i32 after
}

struct Ints {
  1: list<i32> plain
  2: set<i32> unique
  3: map<i32, i32> pairs
  4: map<string, list<i32>> lists
  5: map<i32, string> names
  9: i32 after
}

struct Longs {
  1: list<i64> plain
  2: set<i64> unique
  3: map<i64, i64> pairs
  4: map<string, list<i64>> lists
  5: map<i64, string> names
  9: i32 after
}

struct Colors {
  1: list<Color> plain
  2: set<Color> unique
  3: map<Color, Color> pairs
  4: map<string, list<Color>> lists
  5: map<Color, string> names
  9: i32 after
}

struct Flags {
  1: list<bool> plain
  9: i32 after
}

struct Reals {
  1: list<double> plain
  9: i32 after
}
