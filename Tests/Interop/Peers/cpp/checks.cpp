#include "checks.h"

#include <thrift/TApplicationException.h>
#include <thrift/TToString.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <iostream>
#include <limits>
#include <stdexcept>

#include "samples.h"

using apache::thrift::TApplicationException;
using namespace plants;

static const size_t MEBIBYTE = 1 << 20;

template <typename Value>
static void same(const Value& found, const Value& wanted, const std::string& what) {
  if (found == wanted) return;
  using apache::thrift::to_string;
  throw std::runtime_error(
      what + ": " + to_string(found).substr(0, 300) + " instead of " + to_string(wanted).substr(0, 300));
}

static void require(bool condition, const std::string& what) {
  if (!condition) throw std::runtime_error(what);
}

/// The exception of one type that `body` throws.
template <typename Error, typename Body>
static Error raised(const std::string& what, const Body& body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  throw std::runtime_error(what + " throws nothing");
}

template <typename Integer, typename Echo>
static void echoIntegers(const Echo& echo, const std::string& name) {
  const Integer top = std::numeric_limits<Integer>::max();
  const Integer bottom = std::numeric_limits<Integer>::min();
  for (const Integer value : {Integer(0), Integer(1), Integer(-1), Integer(42), Integer(-42), top, bottom}) {
    const Integer found = echo(value);
    require(found == value, name + ": " + std::to_string(found) + " instead of " + std::to_string(value));
  }
}

void Checks::check(const char* name, void (Checks::*body)()) {
  count++;
  try {
    (this->*body)();
  } catch (const std::exception& error) {
    failures++;
    std::cout << "FAIL " << name << ": " << error.what() << std::endl;
  }
}

int Checks::run() {
  check("base types", &Checks::baseTypes);
  check("doubles", &Checks::doubles);
  check("strings and binaries", &Checks::bytes);
  check("a mebibyte", &Checks::mebibyte);
  check("structs", &Checks::structs);
  check("defaults", &Checks::defaults);
  check("unions", &Checks::unions);
  check("recursion", &Checks::recursion);
  check("containers", &Checks::containers);
  check("nested containers", &Checks::nestedContainers);
  check("several arguments", &Checks::severalArguments);
  check("declared exceptions", &Checks::declaredExceptions);
  check("undeclared exceptions", &Checks::undeclaredExceptions);
  check("oneway", &Checks::oneway);
  check("unknown methods", &Checks::unknownMethods);
  check("unknown fields", &Checks::unknownFields);
  check("fields of a later version", &Checks::laterFields);
  std::cout << count << " checks, " << failures << " failed" << std::endl;
  return failures;
}

void Checks::baseTypes() {
  herbarium.ping();
  require(herbarium.echoBool(true), "echoBool(true)");
  require(!herbarium.echoBool(false), "echoBool(false)");
  echoIntegers<int8_t>([&](int8_t value) { return herbarium.echoI8(value); }, "echoI8");
  echoIntegers<int16_t>([&](int16_t value) { return herbarium.echoI16(value); }, "echoI16");
  echoIntegers<int32_t>([&](int32_t value) { return herbarium.echoI32(value); }, "echoI32");
  echoIntegers<int64_t>([&](int64_t value) { return herbarium.echoI64(value); }, "echoI64");
  echoIntegers<int64_t>([&](int64_t value) { return herbarium.echoInstant(value); }, "echoInstant");
  for (const int value : {0, 1, 10, 0x7fffffff, 77, -5}) {
    const int found = herbarium.echoRank(static_cast<Rank::type>(value));
    same(found, value, "echoRank");
  }
}

void Checks::doubles() {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double value :
       {0.0, -0.0, 1.0, -5.2098523, 1e307, -1e-292, 5e-324, M_PI, infinity, -infinity, 9007199254740991.0}) {
    const double found = herbarium.echoDouble(value);
    require(std::memcmp(&found, &value, sizeof value) == 0, "echoDouble(" + std::to_string(value) + ")");
  }
  require(std::isnan(herbarium.echoDouble(std::nan(""))), "echoDouble(NaN)");
}

void Checks::bytes() {
  for (const std::string& value :
       {std::string(), std::string("a"), std::string("\xc3\xa9\xe4\xb8\xad\xf0\x9f\x8c\x8a"),
        std::string("zero \0 inside", 13), std::string("\"quotes\" \\ / \t\r\n\x7f")}) {
    if (!keepsNul && value.find('\0') != std::string::npos) continue;
    std::string found;
    herbarium.echoString(found, value);
    same(found, value, "echoString");
  }
  std::string all;
  for (int byte = 0; byte < 256; byte++) all.push_back(static_cast<char>(byte));
  for (const std::string& value : {std::string(), std::string("\0", 1), all, std::string(3000, '\xfe')}) {
    std::string found;
    herbarium.echoBinary(found, value);
    require(found == value, "echoBinary of " + std::to_string(value.size()) + " bytes");
  }
}

void Checks::mebibyte() {
  std::string text, found;
  while (text.size() < MEBIBYTE) text += "sea thrift \xe2\x80\x93 ";
  herbarium.echoString(found, text);
  require(found == text, "echoString of a mebibyte");
  std::string data;
  for (size_t i = 0; i < MEBIBYTE; i++) data.push_back(static_cast<char>(i * 7));
  herbarium.echoBinary(found, data);
  require(found == data, "echoBinary of a mebibyte");
  herbarium.grow(found, "0123456789abcdef", MEBIBYTE / 16);
  require(found.size() == MEBIBYTE && found.substr(MEBIBYTE - 4) == "cdef", "grow to a mebibyte");
}

void Checks::structs() {
  Specimen found;
  herbarium.sample(found);
  require(samples::areSame(found, samples::specimen()), "sample");
  require(!found.__isset.dried && !found.__isset.width, "sample: a field is there that was not set");
  require(found.__isset.remark && found.__isset.pollen, "sample: an empty field is not there");
  require(herbarium.isSample(samples::specimen()), "isSample of the sample");
  Specimen echo;
  herbarium.echoSpecimen(echo, samples::specimen());
  require(samples::areSame(echo, samples::specimen()), "echoSpecimen");
  Specimen other = samples::specimen();
  other.habit.twigs[1].twigs[0].label = "broken";
  require(!herbarium.isSample(other), "isSample of another");
}

void Checks::defaults() {
  Untouched found;
  herbarium.untouched(found);
  same(found, Untouched(), "untouched");
  Untouched changed, echo;
  changed.shelf = 1;
  changed.primes.clear();
  changed.letters.clear();
  changed.rank = Rank::FAMILY;
  changed.pressed = false;
  changed.place = samples::place(1, 2);
  changed.inks.clear();
  changed.zero = 3;
  changed.__set_nothing("y");
  herbarium.echoUntouched(echo, changed);
  same(echo, changed, "echoUntouched");
}

void Checks::unions() {
  const auto echo = [&](const Observation& value) {
    Observation found;
    herbarium.echoObservation(found, value);
    same(found, value, "echoObservation");
  };
  Observation count, note, name, heights, photo, rank;
  count.__set_count(std::numeric_limits<int64_t>::min());
  note.__set_note("");
  name.__set_name(samples::name("Armeria", "maritima", Rank::SPECIES));
  heights.__set_heights({});
  photo.__set_photo(std::string("\0", 1));
  rank.__set_rank(Rank::VARIETY);
  for (const Observation& value : {count, note, name, heights, photo, rank}) echo(value);
}

void Checks::recursion() {
  Branch branch = samples::branch("tip");
  for (int depth = 0; depth < 20; depth++) {
    Branch next = samples::branch(std::to_string(depth));
    next.twigs.push_back(branch);
    branch = next;
  }
  Branch found;
  herbarium.echoBranch(found, branch);
  same(found, branch, "echoBranch");
  // The leader is a pointer here, which is why two of them are never equal by themselves.
  branch = samples::branch("base");
  branch.__set_leader(std::make_shared<Branch>(samples::branch("top")));
  herbarium.echoBranch(found, branch);
  require(found.leader != nullptr && found.leader->label == "top" && !found.leader->leader, "echoBranch: the leader");
}

void Checks::containers() {
  std::vector<int32_t> list, foundList;
  herbarium.echoList(foundList, list);
  same(foundList, list, "echoList of nothing");
  for (int32_t i = -5000; i < 5000; i++) list.push_back(i);
  herbarium.echoList(foundList, list);
  same(foundList, list, "echoList");
  std::set<std::string> foundSet;
  herbarium.echoSet(foundSet, {"", "a", "\xc3\xa9"});
  same(foundSet, {"", "a", "\xc3\xa9"}, "echoSet");
  const std::map<std::string, Index> map = {{"", {}}, {"x", {{"y", {}}, {"z", {1, -2, 3}}}}};
  std::map<std::string, Index> foundMap;
  herbarium.echoMap(foundMap, map);
  same(foundMap, map, "echoMap");
}

void Checks::nestedContainers() {
  const Name name = samples::name("Armeria", "maritima", Rank::SPECIES);
  const Name other = samples::name("Armeria", "", Rank::GENUS);
  Observation counted, noted;
  counted.__set_count(1);
  noted.__set_note("n");
  Drawers drawers, found;
  drawers.rows = {{1, 2}, {}, {-3}};
  drawers.loans = {{1, -1}, {}};
  drawers.labels = {{}, {{-7, "a"}, {8, ""}}};
  drawers.paths = {{1, 2}, {}, {3}};
  drawers.names = {name, other};
  drawers.ranks = {Rank::FAMILY, Rank::VARIETY};
  drawers.indexes = {{"a", {{"b", {1}}, {"c", {}}}}, {"d", {}}};
  drawers.finds = {{name, {samples::place(1, -1)}}, {other, {}}};
  drawers.seen = {{Rank::SPECIES, {counted, noted}}};
  drawers.votes = {{int64_t(1) << 40, {{true, {"yes"}}, {false, {}}}}, {-1, {}}};
  drawers.deep = {{{{{1, samples::place(0, 0)}}, {}}, {}}, {}};
  drawers.flags = {true, false, true};
  drawers.bytes = {0, -128, 127};
  drawers.doubles = {0.1, -1e300};
  drawers.scans = {"", std::string("\x80\x00", 2)};
  drawers.rounded = {{0.5, 1}, {-1.5, -2}};
  herbarium.echoDrawers(found, drawers);
  same(found, drawers, "echoDrawers");
  herbarium.echoDrawers(found, Drawers());
  same(found, Drawers(), "echoDrawers of nothing");
}

void Checks::severalArguments() {
  std::string found;
  herbarium.join(found, true, 1, -2, 3, -4, 0.5, "text", "12345", Rank::SPECIES);
  same(found, std::string("true 1 -2 3 -4 0.5 text 5 10"), "join");
}

void Checks::declaredExceptions() {
  Specimen found;
  herbarium.find(found, 7);
  same(found.number, 7, "find(7)");
  const auto missing = raised<NotFound>("find(404)", [&] { herbarium.find(found, 404); });
  same(missing.number, 404, "find(404)");
  same(missing.hint, std::string("look elsewhere"), "find(404)");
  const auto withdrawn = raised<Withdrawn>("find(410)", [&] { herbarium.find(found, 410); });
  same(withdrawn.reason, std::string("eaten by beetles"), "find(410)");
  require(withdrawn.origin == Origin::LOST, "find(410): the origin");
  require(withdrawn.__isset.successor && withdrawn.successor.species == "pungens", "find(410): the successor");
  herbarium.discard(1);
  const auto nothing = raised<NotFound>("discard(404)", [&] { herbarium.discard(404); });
  same(nothing.hint, std::string("nothing to discard"), "discard(404)");
}

void Checks::undeclaredExceptions() {
  Specimen specimen;
  std::string text;
  for (const auto& error : {
         raised<TApplicationException>("find(500)", [&] { herbarium.find(specimen, 500); }),
         raised<TApplicationException>("fail", [&] { herbarium.fail(text); }),
       }) {
    same(int(error.getType()), int(TApplicationException::INTERNAL_ERROR), "the kind of an undeclared exception");
    require(std::string(error.what()).find("secret") == std::string::npos, "the text of an error was sent");
  }
  herbarium.ping();
}

void Checks::oneway() {
  const std::string note = "cpp " + std::to_string(getpid());
  herbarium.jot(note);
  std::vector<std::string> found;
  herbarium.notes(found, note);
  same(found, {note}, "notes");
}

void Checks::unknownMethods() {
  const auto water = raised<TApplicationException>("water", [&] { herbarium.water(3, samples::specimen()); });
  same(int(water.getType()), int(TApplicationException::UNKNOWN_METHOD), "water");
  LaterSheet why;
  const auto burn = raised<TApplicationException>("burn", [&] { archive.burn(3, why); });
  same(int(burn.getType()), int(TApplicationException::UNKNOWN_METHOD), "burn");
  herbarium.ventilate("north");
  herbarium.ping();
}

void Checks::unknownFields() {
  LaterSheet later, found;
  later.number = 3;
  later.title = "t";
  later.keywords = {"k"};
  Scan scan;
  scan.__set_file("f");
  scan.__set_layers({{1, {"a", "b"}}});
  later.digitised = true;
  later.copies = 1;
  later.room = 2;
  later.cabinet = 3;
  later.accession = 4;
  later.width = 5;
  later.thumbnail = std::string("\xff\x00", 2);
  later.origin = Origin::GIFT;
  later.scan = scan;
  later.scans = {scan, Scan()};
  later.loans = {1, 2};
  later.measures = {{"a", {{1, {0.5}}}}};
  later.__set_curator("c");
  later.pages = {true, false};
  archive.file(found, later, 9);
  LaterSheet wanted;
  wanted.number = 3;
  wanted.title = "t";
  wanted.keywords = {"k"};
  same(found, wanted, "file");
}

void Checks::laterFields() {
  Sheet sheet;
  archive.recall(sheet, 12, "reader");
  same(sheet, samples::sheet(12), "recall by an older client");
  LaterSheet later;
  herbarium.recall(later, 12);
  require(later.digitised && later.origin == Origin::BOUGHT, "recall: a flag and an enum");
  require(later.scan.layers == std::map<int32_t, std::vector<std::string>>{{1, {"red", "green"}}}, "recall: layers");
  require(later.pages == std::vector<bool>{true, false, true}, "recall: pages");
  require(later.thumbnail == samples::thumbnail() && later.loans == std::set<int64_t>{-1, 1}, "recall: the rest");
}
