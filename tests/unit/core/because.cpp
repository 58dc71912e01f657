#include "support/catch.hpp"

#include <concepts>
#include <tenon/core/because.hpp>
#include <type_traits>

namespace tn = tenon;
namespace because = tn::because;

namespace {

/// A verb as the library writes them: what it takes, and what it answers where it refuses.
template <class T>
using objection_to_halve =
    std::conditional_t<std::is_floating_point_v<T>, because::nothing, because::the_argument_is_not_a_Dataset>;

template <class T>
    requires tn::no_objection<objection_to_halve<T>>
T halve(T v) {
    return v / 2;
}
template <class T, class Why = objection_to_halve<T>>
    requires(!tn::no_objection<Why>)
tn::refused<Why> halve(T);

template <class T>
concept Halved = requires(T v) { halve(v); };
template <class T>
concept HalvedToItself = requires(T v) {
    { halve(v) } -> std::same_as<T>;
};
template <class T>
concept Complete = requires { sizeof(T); };

} // namespace

TEST_CASE("only nothing is no objection", "[because]") {
    STATIC_REQUIRE(!tn::no_objection<because::this_Model_needs_minimize>);
    STATIC_REQUIRE(!tn::no_objection<because::target_encode_needs_a_target>);
    STATIC_REQUIRE(!tn::no_objection<because::this_Stage_cannot_be_fitted_in_chunks<because::nothing>>);
    STATIC_REQUIRE(!tn::no_objection<tn::refused<because::nothing>>);
    CHECK(tn::no_objection<because::nothing>);
}

TEST_CASE("a requires-expression sees that a verb is refused", "[because]") {
    STATIC_REQUIRE(Halved<double>);
    STATIC_REQUIRE(HalvedToItself<float>);
    STATIC_REQUIRE(!Halved<int>);
    STATIC_REQUIRE(!HalvedToItself<int>);
    CHECK(halve(3.0) == 1.5);
}

TEST_CASE("what a refused verb returns names the reason and is never defined", "[because]") {
    using answer = decltype(halve(1));
    STATIC_REQUIRE(std::is_same_v<answer, tn::refused<because::the_argument_is_not_a_Dataset>>);
    STATIC_REQUIRE(!std::is_same_v<answer, tn::refused<because::this_Model_needs_minimize>>);
    STATIC_REQUIRE(!Complete<answer>);
    CHECK(Complete<because::the_argument_is_not_a_Dataset>); // a reason, unlike it, is a value too
}

TEST_CASE("a reason with arguments is told from that with others", "[because]") {
    using namespace because;
    using misspelt = the_schema_has_no_column<"aera", did_you_mean<"area">>;
    STATIC_REQUIRE(std::is_same_v<misspelt, the_schema_has_no_column<"aera", did_you_mean<"area">>>);
    STATIC_REQUIRE(!std::is_same_v<misspelt, the_schema_has_no_column<"aera", did_you_mean<"era">>>);
    STATIC_REQUIRE(!std::is_same_v<the_sample_has_the_wrong_number_of_columns<3, 4>,
                                   the_sample_has_the_wrong_number_of_columns<4, 3>>);
    CHECK(!std::is_same_v<a_categorical_column_must_be_encoded_first__put_one_hot_before_this<"kind">,
                          a_categorical_column_must_be_encoded_first__put_one_hot_before_this<"Kind">>);
}
