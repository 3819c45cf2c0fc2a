namespace swift parties

enum Kind { PERSON = 1, COMPANY = 2 }

struct Party {
  1: required Kind kind
  2: string name
}
