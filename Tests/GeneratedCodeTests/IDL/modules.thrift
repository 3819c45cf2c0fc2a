/** The names of the modules that generated code refers to. */
namespace swift modules

struct Swift { 1: i32 count, 2: string Swift }
struct SeaThrift { 1: list<Swift> SeaThrift }
exception Foundation { 1: SeaThrift SeaThrift }
service Service { SeaThrift Swift(1: Swift SeaThrift) throws (1: Foundation Foundation) }
