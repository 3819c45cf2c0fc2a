// The values that all programs know.
#pragma once

#include <string>

#include "Herbarium_types.h"

namespace samples {

plants::Name name(const std::string& genus, const std::string& species, plants::Rank::type rank);
plants::Branch branch(const std::string& label);
plants::Place place(double latitude, double longitude);
plants::Specimen specimen();
/// Whether two specimens are the same. Their own `==` compares the addresses of the branches' leaders.
bool areSame(plants::Specimen left, plants::Specimen right);
plants::Sheet sheet(int32_t number);
/// Not UTF-8 would be more of a test, but Apache's library for Python fails at unknown fields that are not.
std::string thumbnail();

}  // namespace samples
