// Rows about people, for what leaves nothing of who somebody is.
#pragma once

#include <string>
#include <tenon/data/csv.hpp>

namespace tenon_test {

struct person : tenon::schema<tenon::numeric<"age">, tenon::categorical<"patient">,
                              tenon::categorical<"city", "Bonn", "Köln">, tenon::target<"pressure">> {};

inline std::string people(const std::string& first_patient) {
    return "age,patient,city,pressure\n30," + first_patient +
           ",Bonn,120\n40,Otto,Bonn,125\n30,Anna,Bonn,130\n50,Otto,Köln,150\n50,Emma,Köln,140\n";
}

} // namespace tenon_test
