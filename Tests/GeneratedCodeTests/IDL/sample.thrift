/** What the tests of generated code are made with. */
namespace swift sample

typedef i64 Identifier
typedef list<Identifier> Identifiers

enum Color { red = 1, green, blue = -7 }

const i32 limit = 12

struct Empty {}

struct Point {
  1: required double x
  2: required double y = 1.5
  3: optional string label
}

struct Scalars {
  1: bool flag
  2: i8 tiny
  3: i16 small
  4: i32 number
  5: i64 large
  6: double real
  7: string text
  8: binary blob
  9: uuid key
  10: Color color
  11: Identifier id
  12: Point point
  13: Choice choice
  14: Empty nothing
}

struct Optionals {
  1: optional bool flag
  2: optional i8 tiny
  3: optional i16 small
  4: optional i32 number
  5: optional i64 large
  6: optional double real
  7: optional string text
  8: optional binary blob
  9: optional uuid key
  10: optional Color color
  11: optional Identifiers ids
  12: optional Point point
  13: optional Choice choice
  14: optional map<string, Point> places
  15: optional set<Color> colors
  // Far away from the others: the compact protocol writes such ids in full.
  300: optional list<bool> flags
  32767: optional Empty nothing
}

struct Defaults {
  1: bool flag = true
  2: i32 number = limit
  3: double real = -2.5e3
  4: string text = "a\n\"b\""
  5: binary blob = "xyz"
  6: Color color = Color.green
  7: list<i32> numbers = [1, 2, 3]
  8: set<string> words = ["a", "b"]
  9: map<string, list<i32>> table = {"one": [1], "none": []}
  10: Point point = {"x": 1, "y": 2, "label": "here"}
  11: optional i32 maybe = 5
  12: required i64 must = 6
  13: uuid key = "00112233-4455-6677-8899-aabbccddeeff"
}

struct Containers {
  1: list<bool> flags
  2: list<i8> bytes
  3: list<list<set<i16>>> deep
  4: map<i32, map<string, list<Point>>> maps
  5: set<Point> points
  6: map<Color, Choice> choices
  7: map<list<i8>, set<uuid>> listKeys
  8: map<bool, bool> bools
  9: list<Empty> empties
  10: map<Point, binary> blobs
  11: list<map<i64, double>> mapsInList
  12: set<set<string>> sets
  13: list<Color> colors
  14: map<uuid, Identifiers> ids
}

union Choice {
  1: i32 number
  2: string text
  3: Point point
  4: list<i64> numbers
  5: bool flag
  6: Color color
}

struct Tree {
  1: i32 value
  2: optional Tree left
  3: optional Tree right
  4: list<Tree> children
  5: map<string, Tree> named
}

union Expression {
  1: i64 number
  2: Sum sum
  3: Expression negated
  4: list<Expression> all
}

struct Sum {
  1: required Expression left
  2: required Expression right
}

exception Failure {
  1: required i32 code
  2: string why = "unknown"
  3: optional Color color
}
