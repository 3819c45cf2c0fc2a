/** What every collection of pressed plants can do; the herbarium builds on it. */
namespace cpp plants
namespace py plants.archive
namespace swift Plants

/** How a sheet came into the collection. */
enum Origin {
  LOST = -1
  FOUND = 1
  GIFT
  BOUGHT = 0x10
}

/** A sheet as the first catalogue knew it. */
struct Sheet {
  1: required i32 number
  2: string title = "untitled"
  3: optional string remark
  4: list<string> keywords
}

/** A corner of a later catalogue that the first one knows nothing of. */
struct Scan {
  1: string file
  2: map<i32, list<string>> layers
}

/** The same sheet as a later catalogue knows it: it has grown a field of every type. */
struct LaterSheet {
  1: required i32 number
  2: string title = "untitled"
  3: optional string remark
  4: list<string> keywords
  11: bool digitised
  12: i8 copies
  13: i16 room
  14: i32 cabinet
  15: i64 accession
  16: double width
  17: binary thumbnail
  18: Origin origin = Origin.FOUND
  19: Scan scan
  20: list<Scan> scans
  21: set<i64> loans
  22: map<string, map<i8, list<double>>> measures
  23: optional string curator
  24: list<bool> pages
}

/** What a server of the first catalogue offers. */
service Archive {
  /** Gives the sheet back as it was understood. */
  Sheet file(1: Sheet sheet)
  /** Finds a sheet, and tells everything that a later catalogue knows of it. */
  LaterSheet recall(1: i32 number)
}

/** The archive as other programs see it: those that are ahead of it, and those that are behind. */
service OtherArchive {
  /** Sends more than the archive knows, in an argument that it does know and in one that it does not. */
  LaterSheet file(1: LaterSheet sheet, 2: i32 shelf)
  /** Asks with a word more than the archive knows, and understands less than it answers. */
  Sheet recall(1: i32 number, 2: string reader)
  /** The archive has no such method. */
  void burn(1: i32 number, 2: LaterSheet why)
}
