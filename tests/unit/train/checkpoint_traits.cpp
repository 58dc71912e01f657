// By what a run is recognised, one trait after the other; whole runs that are told apart are in checkpoint.cpp.

#include "support/catch.hpp"
#include "support/small_session.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <tenon/train/checkpoint_traits.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::small_session;
using tn::detail::run_values;

namespace {

template <class T>
run_values seen(const std::vector<T>& values) {
    return {"", std::is_floating_point_v<T> ? 'F' : 'U', sizeof(T), values.data(), values.size(), true};
}
template <class V>
std::string hash_of(const V& values) {
    tn::detail::run_hash<> hash;
    hash.add(values);
    return hash.hex();
}

/// The traits of a session with these options and two rows, and how many values its fields have after the trial.
std::vector<std::string> traits(small_session& session, const tn::minimize_options& options,
                                std::vector<std::size_t>& counts) {
    static const std::vector<double> x{1, 2, 3, 4}, y{5, 6};
    session.origin.model = "toy";
    session.origin.options = &options;
    session.origin.watching = {};
    session.origin.training = {seen(x), seen(y), {}, 2, 2, 2, 1};
    return tn::detail::traits_of(session, counts);
}

/// In which traits a session differs from a new one with seed 7.
std::string difference(small_session session, const tn::minimize_options& options = {.seed = 7}) {
    small_session plain;
    std::vector<std::size_t> counts;
    const std::vector<std::string> expected = traits(plain, {.seed = 7}, counts),
                                   all = traits(session, options, counts);
    std::string names;
    for (std::size_t i = 0; i < expected.size(); i += 2)
        if (all[i] != expected[i] || all[i + 1] != expected[i + 1]) names += all[i] + '\n';
    return names;
}

} // namespace

TEST_CASE("numbers have the same hash whatever their type, and another in another order", "[train]") {
    const std::vector<double> wide{1, 2.5, 3}, turned{2.5, 1, 3}, whole{1, 2, 3};
    CHECK(hash_of(seen(wide)) == hash_of(seen(std::vector<float>{1, 2.5F, 3})));
    CHECK(hash_of(seen(whole)) == hash_of(seen(std::vector<std::uint32_t>{1, 2, 3})));
    CHECK(hash_of(seen(wide)) != hash_of(seen(turned)));
    CHECK(hash_of(0.0) == hash_of(-0.0));
    CHECK(hash_of(0.0).size() == 64);
    std::vector<double> many(20000, 1); // in blocks
    const std::string before = hash_of(seen(many));
    for (const std::size_t i : {0U, 4095U, 4096U, 19999U}) {
        std::vector<double> changed = many;
        changed[i] = std::numeric_limits<double>::quiet_NaN();
        CHECK(hash_of(seen(changed)) != before);
    }
}

TEST_CASE("rows have the same hash in every layout, and another with weights", "[train]") {
    const std::vector<double> by_rows{1, 2, 3, 4, 5, 6}, by_columns{1, 4, 2, 5, 3, 6}, y{7, 8}, ones{1, 1};
    const tn::detail::seen_rows rows{seen(by_rows), seen(y), {}, 2, 3, 3, 1},
        columns{seen(by_columns), seen(y), {}, 2, 3, 1, 2};
    tn::detail::seen_rows weighted = rows, other = rows;
    weighted.weights = other.y = seen(ones);
    CHECK(hash_of(rows) == hash_of(columns));
    CHECK(hash_of(rows) != hash_of(weighted));
    CHECK(hash_of(rows) != hash_of(other));
}

TEST_CASE("a trial goes as far as its work allows and leaves the run as it was", "[train]") {
    for (const auto& [parameters, epochs] :
         {std::pair{std::size_t{3}, 64}, std::pair{std::size_t{624999}, 10},
          std::pair{std::size_t{1} << 40, 4}}) {
        small_session session;
        const tn::detail::trial<> tried(session, parameters);
        CHECK(session.tried == epochs);
        CHECK(session.rows_asked == 16);
        CHECK(tried.counts == std::vector<std::size_t>{1, 3, 1 + static_cast<std::size_t>(epochs), 0});
        CHECK((session.steps == 40 && session.moments.size() == 1 && session.weights[1] == -2));
    }
    small_session diverging;
    diverging.diverges_in = 3; // a whole run need not
    const tn::detail::trial<> tried(diverging, 3);
    CHECK(tried.digest.size() == 64);
    CHECK((diverging.tried == 3 && diverging.steps == 40));
}

TEST_CASE("traits are names and values in turn", "[train]") {
    small_session session;
    std::vector<std::size_t> counts;
    const tn::minimize_options options{
        .batch_size = 5, .seed = 7, .validation = 0.25, .frozen = {"a", "b c"}};
    const std::vector<std::string> all = traits(session, options, counts);
    const auto value = [&](const std::string& name) {
        for (std::size_t i = 0; i + 1 < all.size(); i += 2)
            if (all[i] == name) return all[i + 1];
        return std::string("none");
    };
    CHECK(value("the model") == "toy");
    CHECK(value("the number of parameters") == "3");
    CHECK(value(".batch_size") == "5");
    CHECK(value(".validation") == "0.25");
    CHECK(value(".frozen") == "a, b c");
    CHECK(value(".epochs") == "none"); // there may be more of them the next time
    CHECK(counts == std::vector<std::size_t>{1, 3, 65, 0});
}

TEST_CASE("runs differ in what they are made of, and in nothing else", "[train]") {
    small_session session;
    CHECK(difference(session).empty());
    CHECK(difference(session, {.epochs = 3, .seed = 7}).empty());
    CHECK(difference(session, {.seed = 8}) == ".seed\n");
    session.loss = 2.5;
    CHECK(difference(session) == "the Loss or its numbers\n");
    session = {}, session.factor = 0.25;
    CHECK(difference(session) == "the Optimizer, the Penalty or their numbers\n");
    session = {}, session.weights[2] = 4;
    CHECK(difference(session) == "the initial parameters\nthe Optimizer, the Penalty or their numbers\n");
}
