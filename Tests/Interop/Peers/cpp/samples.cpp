#include "samples.h"

#include <tuple>

// Apache's compiler declares the order of structs in sets and maps, and leaves it to the user to define it.
bool plants::Name::operator<(const Name& other) const {
  return std::tie(genus, species, rank) < std::tie(other.genus, other.species, other.rank);
}

namespace samples {

using namespace plants;

Name name(const std::string& genus, const std::string& species, Rank::type rank) {
  Name name;
  name.__set_genus(genus);
  name.__set_species(species);
  name.__set_rank(rank);
  return name;
}

Branch branch(const std::string& label) {
  Branch branch;
  branch.__set_label(label);
  return branch;
}

Place place(double latitude, double longitude) {
  Place place;
  place.__set_latitude(latitude);
  place.__set_longitude(longitude);
  return place;
}

std::string thumbnail() { return std::string("\x00\x01\x7f", 3); }

static Branch habit() {
  Branch right = branch("right");
  right.twigs.push_back(branch("tip"));
  Branch base = branch("base");
  base.twigs = {branch("left"), right};
  base.__set_leader(std::make_shared<Branch>(branch("top")));
  return base;
}

static Observation counted(int64_t count) {
  Observation observation;
  observation.__set_count(count);
  return observation;
}

Specimen specimen() {
  Specimen value;
  value.__set_number(1753);
  value.__set_flowering(true);
  value.__set_petals(5);
  value.__set_leaves(-300);
  value.__set_collected(1700000000123);
  value.__set_height(0.125);
  value.__set_label("Armeria maritima \xe2\x80\x93 Strandnelke \xf0\x9f\x8c\x8a");
  std::string scan;
  for (int byte = 0; byte < 256; byte++) scan.push_back(static_cast<char>(byte));
  value.__set_scan(scan);
  value.__set_rank(Rank::SPECIES);
  value.__set_name(name("Armeria", "maritima", Rank::SPECIES));
  Observation heights;
  heights.__set_heights({0.1, -2.5});
  value.__set_observation(heights);
  Place cliff = place(54.4, 10.2);
  cliff.__set_hint("cliff");
  value.__set_places({cliff, place(-33.9, 18.4)});
  value.__set_tags({"coast", "salt"});
  value.__set_counts({{"seen", 9007199254740993}, {"kept", -1}});
  value.__set_origin(Origin::GIFT);
  value.__set_wasFlowering(false);
  value.__set_pistils(1);
  value.__set_stamens(5);
  value.__set_predecessor(-1752);
  value.__set_remark("");
  value.__set_pollen("");
  value.__set_synonym(name("Statice", "armeria", Rank::VARIETY));
  Observation named;
  named.__set_name(name("Armeria", "maritima", Rank::SPECIES));
  Observation photographed;
  photographed.__set_photo(std::string("\xff\x00", 2));
  value.__set_observations({counted(3), named, photographed});
  value.__set_habit(habit());
  value.__set_guard("none");
  return value;
}

bool areSame(Specimen left, Specimen right) {
  const auto leftLeader = left.habit.leader, rightLeader = right.habit.leader;
  if (!leftLeader != !rightLeader || (leftLeader && !(*leftLeader == *rightLeader))) return false;
  left.habit.leader = right.habit.leader = nullptr;
  return left == right;
}

Sheet sheet(int32_t number) {
  Sheet sheet;
  sheet.__set_number(number);
  sheet.__set_title("sheet " + std::to_string(number));
  sheet.__set_keywords({"dry", "flat"});
  return sheet;
}

}  // namespace samples
