/** The herbarium's register: everything with a uuid in it, which older peers do not have. */
include "Herbarium.thrift"

namespace swift Plants

struct Ticket {
  1: uuid id
  2: list<uuid> earlier
  3: map<uuid, string> holders
  4: set<uuid> refused
  5: optional uuid successor
}

service Register extends Herbarium.Herbarium {
  uuid echoUUID(1: uuid value)
  Ticket echoTicket(1: Ticket value)
}
