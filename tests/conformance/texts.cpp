// Hashed word counts and tf_idf against scikit-learn on a hundred short texts (text_fixtures.py).

#include "conformance/reference.hpp"
#include "support/catch.hpp"

#include <tenon/prepare/hashed_counts.hpp>
#include <tenon/prepare/tf_idf.hpp>

namespace tn = tenon;
using namespace tenon_test;

namespace {

constexpr std::size_t places = 64;

/// Rows of [place, value] with their zeros.
tn::matrix<double> dense(const tn::json_value& rows) {
    tn::matrix<double> x(rows.as_array().size(), places);
    for (std::size_t r = 0; r < x.rows(); ++r)
        for (const tn::json_value& item : rows.as_array()[r].as_array())
            x(r, static_cast<std::size_t>(item.as_array().at(0).as_count())) =
                item.as_array().at(1).as_number();
    return x;
}

} // namespace

TEST_CASE("hashed_counts are those of HashingVectorizer, tf_idf that of TfidfTransformer", "[text]") {
    const tn::json_value all = fixture("texts");
    std::vector<std::string> texts;
    for (const tn::json_value& text : all["texts"].as_array()) texts.emplace_back(text.as_string());
    REQUIRE(texts.size() == 100);
    const auto counts = tn::hashed_counts<places>(texts);
    CHECK(values_of(counts) == values_of(dense(all["counts"])));
    CHECK(values_of(tn::hashed_counts<places>(texts, {.alternate_sign = true})) ==
          values_of(dense(all["signed"])));

    using schema = tn::columns<places, tn::none>;
    const auto columns = schema::info().columns;
    const auto fitted = tn::tf_idf_spec{}.fit(std::type_identity<tn::fitted_tf_idf<places, double>>{},
                                              counts.view(), tn::vector_view<const double>(), columns);
    tn::matrix<double> z(counts.rows(), places);
    for (std::size_t r = 0; r < z.rows(); ++r)
        fitted(tn::row<places>(counts.row(r).data(), places), tn::row_out<places>(z.row(r).data(), places));
    CHECK(relative_error(values_of(z), values_of(dense(all["tf_idf"]))) <= 1e-14);
}
