/** A herbarium: a method for everything that two programs may say to each other over Thrift. */
include "Archive.thrift"

namespace cpp plants
namespace py plants.herbarium
namespace swift Plants

/** Milliseconds since 1970. */
typedef i64 Instant
typedef map<string, list<i32>> Index

const i32 FIRST_SHELF = 7

enum Rank {
  FAMILY
  GENUS
  SPECIES = 10
  VARIETY = 0x7fffffff
}

/** A plant's name; also a key of maps and a member of sets. */
struct Name {
  1: string genus
  2: string species
  3: Rank rank = Rank.SPECIES
} (python.immutable = "")

struct Place {
  1: double latitude
  2: double longitude
  3: optional string hint
}

/** One thing that somebody saw. */
union Observation {
  1: i64 count
  2: string note
  3: Name name
  4: list<double> heights
  5: binary photo
  6: Rank rank
}

/** A branch and what grows from it. */
struct Branch {
  1: string label
  2: list<Branch> twigs
  3: optional Branch & leader
}

/** One plant: every base type, required, plain and optional. */
struct Specimen {
  1: required i32 number
  2: bool flowering
  3: i8 petals
  4: i16 leaves
  5: Instant collected
  6: double height
  7: string label
  8: binary scan
  9: Rank rank
  10: Name name
  11: Observation observation
  12: list<Place> places
  13: set<string> tags
  14: map<string, i64> counts
  15: Archive.Origin origin
  21: optional bool wasFlowering
  22: optional i8 pistils
  23: optional i16 stamens
  24: optional i32 predecessor
  25: optional Instant dried
  26: optional double width
  27: optional string remark
  28: optional binary pollen
  29: optional Name synonym
  30: optional list<Observation> observations
  31: optional Branch habit
  32: optional string guard
}

/** What a program gets that sets nothing. */
struct Untouched {
  1: i32 shelf = FIRST_SHELF
  2: string language = "la"
  3: list<i32> primes = [2, 3, 5]
  4: map<string, i32> letters = {"a": 1, "b": 2}
  5: Rank rank = Rank.GENUS
  6: bool pressed = true
  7: double scale = 0.5
  8: Place place = {"latitude": 54.4, "longitude": 10.2}
  9: i64 large = -9000000000
  10: set<string> inks = ["black"]
  11: i32 zero
  12: string empty
  13: optional string nothing
}

/** Containers in containers. */
struct Drawers {
  1: list<list<i32>> rows
  2: list<set<i64>> loans
  3: list<map<i16, string>> labels
  4: set<list<i32> (python.immutable = "")> paths
  5: set<Name> names
  6: set<Rank> ranks
  7: map<string, Index> indexes
  8: map<Name, list<Place>> finds
  9: map<Rank, list<Observation>> seen
  10: map<i64, map<bool, set<string>>> votes
  11: list<list<list<map<i32, Place>>>> deep
  12: list<bool> flags
  13: list<i8> bytes
  14: list<double> doubles
  15: list<binary> scans
  16: map<double, i8> rounded
}

exception NotFound {
  1: i32 number
  2: string hint
}

exception Withdrawn {
  1: required string reason
  2: Archive.Origin origin
  3: optional Name successor
}

/** The methods called `echo…` give back what they get. */
service Herbarium extends Archive.Archive {
  void ping()

  bool echoBool(1: bool value)
  i8 echoI8(1: i8 value)
  i16 echoI16(1: i16 value)
  i32 echoI32(1: i32 value)
  i64 echoI64(1: i64 value)
  double echoDouble(1: double value)
  string echoString(1: string value)
  binary echoBinary(1: binary value)
  Rank echoRank(1: Rank value)
  Instant echoInstant(1: Instant value)

  Specimen echoSpecimen(1: Specimen value)
  Observation echoObservation(1: Observation value)
  Branch echoBranch(1: Branch value)
  Untouched echoUntouched(1: Untouched value)
  Drawers echoDrawers(1: Drawers value)
  list<i32> echoList(1: list<i32> value)
  set<string> echoSet(1: set<string> value)
  map<string, Index> echoMap(1: map<string, Index> value)

  /** A specimen that all programs know. */
  Specimen sample()
  /** Whether the server, too, sees the specimen that all programs know. */
  bool isSample(1: Specimen value)
  /** The server's own idea of a struct in which nothing was set. */
  Untouched untouched()

  /** The arguments, as in `true 1 2 3 4 0.5 text 5 10`: the binary by its length, the rank by its number. */
  string join(1: bool sure, 2: i8 tiny, 3: i16 small, 4: i32 plain, 5: i64 large, 6: double real, 7: string text,
    8: binary bytes, 9: Rank rank)
  /** The seed as often as told. */
  string grow(1: string seed, 2: i32 times = 2)

  /**
   * 404 is not found, 410 is withdrawn, 500 is an error that is not declared, 204 a specimen without its number where
   * the language can send one, and everything else the sample with that number.
   */
  Specimen find(1: i32 number) throws (1: NotFound missing, 2: Withdrawn withdrawn)
  /** 404 is not found, everything else is done. */
  void discard(1: i32 number) throws (1: NotFound missing)
  /** Always fails with an error that is not declared, whose text holds the word `secret`. */
  string fail()

  /** Remembers a note. */
  oneway void jot(1: string note)
  /** The notes that begin with `prefix`. */
  list<string> notes(1: string prefix)
} (collection = "pressed")

/** The herbarium with methods that no server has. */
service Conservatory extends Herbarium {
  i32 water(1: i32 litres, 2: Specimen plant)
  oneway void ventilate(1: string window)
}
