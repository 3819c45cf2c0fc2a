// The calls of the client, each compared with what it must bring.
#pragma once

#include <thrift/protocol/TProtocol.h>

#include <functional>
#include <memory>
#include <string>

#include "Conservatory.h"
#include "OtherArchive.h"

class Checks {
 public:
  using Protocol = std::shared_ptr<apache::thrift::protocol::TProtocol>;

  Checks(const Protocol& herbarium, const Protocol& archive) : herbarium(herbarium), archive(archive) {}

  /// Whether texts with a NUL in them come back whole: Apache's JSON for C++ 0.17 drops it when it reads.
  bool keepsNul = true;

  /// Makes all calls, prints what was wrong, and says how many checks failed.
  int run();

 private:
  void baseTypes();
  void doubles();
  void bytes();
  void mebibyte();
  void structs();
  void defaults();
  void unions();
  void recursion();
  void containers();
  void nestedContainers();
  void severalArguments();
  void declaredExceptions();
  void undeclaredExceptions();
  void oneway();
  void unknownMethods();
  void unknownFields();
  void laterFields();

  void check(const char* name, void (Checks::*body)());

  plants::ConservatoryClient herbarium;
  plants::OtherArchiveClient archive;
  int count = 0;
  int failures = 0;
};
