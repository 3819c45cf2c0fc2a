/** Some of the types of sample.thrift, as a later version has them. */
namespace swift newer

enum Color { red = 1, green, blue = -7, violet = 77 }

struct Point {
  1: required double x
  2: required double y = 1.5
  3: optional string label
  4: map<string, list<Color>> more
  5: optional Choice choice
  6: bool flag
}

union Choice {
  1: i32 number
  2: string text
  3: Point point
  7: map<string, list<Point>> places
  8: binary blob
  9: Color shade
}
