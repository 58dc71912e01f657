#include "support/catch.hpp"

#include <string>
#include <tenon/core/stage.hpp>
#include <vector>

namespace tn = tenon;

namespace {

struct scaler : tn::stage<tn::role::preprocessor> {};
struct picky : tn::stage<tn::role::model> {
    static constexpr bool differentiable = true;
    template <class In>
    using objection = tn::because::this_Model_needs_minimize;
};

struct two_fields {
    int first = 1;
    std::vector<int> second{2, 3};
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("first", self.first);
        visit("second", self.second);
    }
};
struct no_fields {};

} // namespace

TEST_CASE("a stage has no objections unless it says so", "[stage]") {
    STATIC_REQUIRE(scaler::part == tn::role::preprocessor);
    STATIC_REQUIRE(!scaler::differentiable);
    STATIC_REQUIRE(tn::no_objection<scaler::malformed>);
    STATIC_REQUIRE(tn::no_objection<scaler::objection<int>>);
    STATIC_REQUIRE(picky::differentiable);
    STATIC_REQUIRE(!tn::no_objection<picky::objection<int>>);
}

TEST_CASE("roles are transforms, compressors, or neither", "[stage]") {
    using tn::role;
    for (const role r : {role::preprocessor, role::expander})
        CHECK((tn::is_transform(r) && !tn::is_compressor(r)));
    for (const role r : {role::pruner, role::quantizer})
        CHECK((!tn::is_transform(r) && tn::is_compressor(r)));
    for (const role r : {role::model, role::trainer}) CHECK((!tn::is_transform(r) && !tn::is_compressor(r)));
}

TEST_CASE("visit_fields walks the fields by name, to read and to change", "[stage]") {
    const two_fields given;
    std::vector<std::string> names;
    tn::visit_fields(given, [&](const char* name, const auto&) { names.push_back(name); });
    CHECK(names == std::vector<std::string>{"first", "second"});

    two_fields changed;
    tn::visit_fields(changed, [](const char*, auto& field) { field = {}; });
    CHECK(changed.first == 0);
    CHECK(changed.second.empty());

    int visited = 0;
    const no_fields none;
    tn::visit_fields(none, [&](const char*, const auto&) { ++visited; });
    CHECK(visited == 0);
}
