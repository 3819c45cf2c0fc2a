// The herbarium's methods.
#pragma once

#include <chrono>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "Herbarium.h"
#include "samples.h"

class Handler : public plants::HerbariumIf {
 public:
  void ping() override {}

  bool echoBool(const bool value) override { return value; }
  int8_t echoI8(const int8_t value) override { return value; }
  int16_t echoI16(const int16_t value) override { return value; }
  int32_t echoI32(const int32_t value) override { return value; }
  int64_t echoI64(const int64_t value) override { return value; }
  double echoDouble(const double value) override { return value; }
  void echoString(std::string& result, const std::string& value) override { result = value; }
  void echoBinary(std::string& result, const std::string& value) override { result = value; }
  plants::Rank::type echoRank(const plants::Rank::type value) override { return value; }
  plants::Instant echoInstant(const plants::Instant value) override { return value; }
  void echoSpecimen(plants::Specimen& result, const plants::Specimen& value) override { result = value; }
  void echoObservation(plants::Observation& result, const plants::Observation& value) override { result = value; }
  void echoBranch(plants::Branch& result, const plants::Branch& value) override { result = value; }
  void echoUntouched(plants::Untouched& result, const plants::Untouched& value) override { result = value; }
  void echoDrawers(plants::Drawers& result, const plants::Drawers& value) override { result = value; }
  void echoList(std::vector<int32_t>& result, const std::vector<int32_t>& value) override { result = value; }
  void echoSet(std::set<std::string>& result, const std::set<std::string>& value) override { result = value; }
  void echoMap(
      std::map<std::string, plants::Index>& result, const std::map<std::string, plants::Index>& value) override {
    result = value;
  }

  void file(plants::Sheet& result, const plants::Sheet& sheet) override { result = sheet; }

  void recall(plants::LaterSheet& result, const int32_t number) override {
    const plants::Sheet plain = samples::sheet(number);
    result.number = number;
    result.title = plain.title;
    result.keywords = plain.keywords;
    result.digitised = true;
    result.copies = -8;
    result.room = -1600;
    result.cabinet = 320000;
    result.accession = int64_t(1) << 40;
    result.width = 21;
    result.thumbnail = samples::thumbnail();
    result.origin = plants::Origin::BOUGHT;
    result.scan = scan("a", {{1, {"red", "green"}}});
    result.scans = {scan("b", {}), scan("c", {{-1, {}}})};
    result.loans = {1, -1};
    result.measures = {{"x", {{3, {1.5, 2.5}}}}, {"y", {}}};
    result.__set_curator("Carl");
    result.pages = {true, false, true};
  }

  void sample(plants::Specimen& result) override { result = samples::specimen(); }
  bool isSample(const plants::Specimen& value) override { return samples::areSame(value, samples::specimen()); }
  void untouched(plants::Untouched& result) override { result = plants::Untouched(); }

  void join(
      std::string& result, const bool sure, const int8_t tiny, const int16_t small, const int32_t plain,
      const int64_t large, const double real, const std::string& text, const std::string& bytes,
      const plants::Rank::type rank) override {
    std::ostringstream line;
    line << (sure ? "true" : "false") << ' ' << int(tiny) << ' ' << small << ' ' << plain << ' ' << large << ' ' << real
         << ' ' << text << ' ' << bytes.size() << ' ' << int(rank);
    result = line.str();
  }

  void grow(std::string& result, const std::string& seed, const int32_t times) override {
    for (int32_t i = 0; i < times; i++) result += seed;
  }

  void find(plants::Specimen& result, const int32_t number) override {
    if (number == 404) throw notFound(number, "look elsewhere");
    if (number == 410) {
      plants::Withdrawn withdrawn;
      withdrawn.__set_reason("eaten by beetles");
      withdrawn.__set_origin(plants::Origin::LOST);
      withdrawn.__set_successor(samples::name("Armeria", "pungens", plants::Rank::SPECIES));
      throw withdrawn;
    }
    if (number == 500) throw std::runtime_error("secret");
    result = samples::specimen();
    result.number = number;
  }

  void discard(const int32_t number) override {
    if (number == 404) throw notFound(number, "nothing to discard");
  }

  void fail(std::string&) override { throw std::runtime_error("secret"); }

  void jot(const std::string& note) override {
    std::lock_guard<std::mutex> guard(lock);
    jotted.push_back(note);
  }

  void notes(std::vector<std::string>& result, const std::string& prefix) override {
    // A note is sent without waiting for it, perhaps over another connection: it may come a little later.
    for (int i = 0; i < 100 && result.empty(); i++) {
      if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
      std::lock_guard<std::mutex> guard(lock);
      for (const std::string& note : jotted) {
        if (note.rfind(prefix, 0) == 0) result.push_back(note);
      }
    }
  }

 private:
  static plants::Scan scan(const std::string& file, const std::map<int32_t, std::vector<std::string>>& layers) {
    plants::Scan scan;
    scan.__set_file(file);
    scan.__set_layers(layers);
    return scan;
  }

  static plants::NotFound notFound(int32_t number, const std::string& hint) {
    plants::NotFound error;
    error.__set_number(number);
    error.__set_hint(hint);
    return error;
  }

  std::mutex lock;
  std::vector<std::string> jotted;
};
