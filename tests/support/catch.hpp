// One include for Catch2 2.13 (Debian 12) and Catch2 3: the tests below it read the same under both.
#pragma once

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
namespace tenon_test {
using Catch::Matchers::ContainsSubstring;
}
#else
#include <catch2/catch.hpp>
namespace tenon_test {
inline auto ContainsSubstring(const std::string& part) {
    return Catch::Matchers::Contains(part);
}
} // namespace tenon_test
#endif

namespace tenon_test {
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
} // namespace tenon_test
