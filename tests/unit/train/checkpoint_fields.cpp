// The fields of a run whose numbers are all known; whole runs that go on from a file are in checkpoint.cpp.

#include "support/catch.hpp"
#include "support/small_session.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tenon/train/checkpoint_fields.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::small_session;

namespace {

std::vector<tn::tensor_info> tensors_of(small_session& session) {
    return tn::detail::written_fields<>(session).tensors;
}

/// The session's fields from a file of these tensors, where it has so many values of each; how many it reads.
std::size_t read(small_session& session, const std::vector<tn::tensor_info>& tensors,
                 const std::vector<std::size_t>& counts = {1, 3, 1, 2}) {
    const std::vector<std::byte> bytes = tn::write_safetensors(tensors);
    const tn::safetensors_view file = tn::read_safetensors(bytes);
    const std::string path = "run.tenon";
    tn::detail::read_fields<> reader(file, path, counts);
    session.visit_fields(reader);
    return reader.count();
}

} // namespace

TEST_CASE("values are put where they were, and vectors get as many as there are", "[train]") {
    const std::vector<std::uint32_t> from{1, 2, 3};
    std::vector<std::uint32_t> to{9};
    const auto resize = [](void* vector, std::size_t count) -> void* {
        auto& all = *static_cast<std::vector<std::uint32_t>*>(vector);
        all.resize(count);
        return all.data();
    };
    const tn::detail::run_values seen{"numbers", 'U', 4, to.data(), 1, true, &to, resize};
    CHECK(tn::detail::bytes_of(seen).data() == std::as_bytes(std::span(to)).data());
    CHECK(tn::detail::bytes_of(seen).size() == 4);
    tn::detail::put_values(seen, std::as_bytes(std::span(from)));
    CHECK(to == from);
    tn::detail::put_values(seen, {});
    CHECK(to.empty());
}

TEST_CASE("fields are tensors by number and name, of their own type, and single values have no extent",
          "[train]") {
    small_session session;
    const auto tensors = tensors_of(session);
    REQUIRE(tensors.size() == 4);
    const char* const names[] = {"0 steps", "1 parameters", "2 moments", "3 best steps"};
    const char* const types[] = {"I64", "F32", "F64", "U32"};
    const std::vector<std::uint64_t> shapes[] = {{}, {3}, {1}, {2}};
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(tensors[i].name == names[i]);
        CHECK(tensors[i].dtype == types[i]);
        CHECK(tensors[i].shape == shapes[i]);
    }
    CHECK(tensors[1].bytes.data() == std::as_bytes(std::span(session.weights)).data());
    CHECK(tn::detail::field_counts<>(session).counts == std::vector<std::size_t>{1, 3, 1, 2});
}

TEST_CASE("fields that were kept aside come back, however often", "[train]") {
    small_session session;
    tn::detail::kept_fields<> kept(session);
    for (int i = 0; i < 2; ++i) {
        session.try_epoch(1);
        CHECK(session.moments.size() == 2);
        kept.put_back();
        CHECK(session.steps == 40);
        CHECK(session.weights == std::vector<float>{1, -2, 3});
        CHECK(session.moments == std::vector<double>{0.5});
        CHECK(session.best == std::vector<std::uint32_t>{7, 8});
    }
    session.is_secretive = true;
    CHECK_THROWS_AS(tn::detail::kept_fields<>(session), tn::fit_error);
    CHECK_THROWS_WITH(tn::detail::kept_fields<>(session),
                      tenon_test::ContainsSubstring("checkpoint: the state of somebody cannot be stored: "));
}

TEST_CASE("a file's fields come into the run, those of the best epoch in any number", "[train]") {
    small_session from, to, other;
    from.try_epoch(1);
    CHECK(read(to, tensors_of(from), {1, 3, 2, 2}) == 4);
    CHECK(to.steps == 41);
    CHECK(to.weights == std::vector<float>{0.5F, -1, 1.5F});
    CHECK(to.moments == std::vector<double>{0.5, 0.5});
    CHECK(to.best.empty());

    const auto refused = [&](std::size_t i, auto change, const std::string& why) {
        std::vector<tn::tensor_info> tensors = tensors_of(other);
        change(tensors[i]);
        CHECK_THROWS_AS(read(to, tensors), tn::artifact_error);
        CHECK_THROWS_WITH(read(to, tensors), "run.tenon: tensor '" + why);
    };
    const std::string foreign = " is missing, or of another type than in this program";
    refused(
        1, [](tn::tensor_info& t) { t.name = "2 parameters"; }, "1 parameters'" + foreign);
    refused(
        0, [](tn::tensor_info& t) { t.dtype = "U64"; }, "0 steps'" + foreign);
    refused(
        0, [](tn::tensor_info& t) { t.shape = {1}; }, "0 steps'" + foreign);
    refused(
        2,
        [](tn::tensor_info& t) {
            t.shape = {1, 1};
        },
        "2 moments'" + foreign);
    other.moments.push_back(3);
    refused(
        2, [](tn::tensor_info&) {}, "2 moments' has 2 values in the file, 1 in this program");
}
