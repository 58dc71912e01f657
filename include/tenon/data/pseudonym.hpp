#pragma once

// pseudonymise<"name">(data, key): the words of a column become names that mean nothing without the key, the same word
// always the same name. Pseudonyms, not anonymity: who has the key can try words.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/because.hpp>
#include <tenon/core/error.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/data/named_columns.hpp>
#include <tenon/format/sha256.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace because {
/// The words are part of the schema's type: leave them to the data, categorical<"name">.
struct the_levels_of_this_column_stand_in_the_schema {};
struct a_column_of_numbers_has_no_words_to_replace {};
} // namespace because

/// HMAC-SHA-256 (RFC 2104) of a text, as 64 hexadecimal digits.
inline std::string keyed_hash(std::string_view key, std::string_view text) {
    std::array<std::byte, 64> block{};
    if (key.size() > block.size()) {
        sha256 shorter;
        shorter.update(std::as_bytes(std::span(key)));
        const auto digest = shorter.digest();
        std::copy(digest.begin(), digest.end(), block.begin());
    } else
        std::copy_n(std::as_bytes(std::span(key)).begin(), key.size(), block.begin());
    const auto padded = [&](unsigned char pad) {
        std::array<std::byte, 64> mixed = block;
        for (std::byte& b : mixed) b ^= std::byte{pad};
        return mixed;
    };
    sha256 inner, outer;
    inner.update(padded(0x36));
    inner.update(std::as_bytes(std::span(text)));
    outer.update(padded(0x5c));
    outer.update(inner.digest());
    return outer.hex();
}

namespace detail {

template <class S, fixed_string Name>
consteval auto objection_to_pseudonym() {
    using missing = decltype(objection_to_names<S, Name>());
    if constexpr (!no_objection<missing>)
        return missing{};
    else if constexpr (S::categories(place_of<S>(Name.view())) == 0)
        return because::a_column_of_numbers_has_no_words_to_replace{};
    else if constexpr (S::categories(place_of<S>(Name.view())) != dynamic)
        return because::the_levels_of_this_column_stand_in_the_schema{};
    else
        return because::nothing{};
}

} // namespace detail

/// A copy of the data in which each level of the named category is the first 16 digits of its keyed_hash, in their own
/// order: that of the words would tell about them. Throws data_error for an empty key.
template <fixed_string Name, Dataset D>
    requires no_objection<decltype(detail::objection_to_pseudonym<typename D::schema_type, Name>())>
auto pseudonymise(const D& data, std::string_view key) {
    using S = typename D::schema_type;
    if (key.empty()) detail::fail<data_error>({"pseudonymise: the key is empty"});
    constexpr std::size_t c = detail::place_of<S>(Name.view());
    std::vector<std::size_t> rows(data.x().rows());
    for (std::size_t r = 0; r < rows.size(); ++r) rows[r] = r;
    dataset<S> copy = select_rows(data, rows);

    schema_info info = data.info();
    std::vector<std::pair<std::string, std::size_t>> names;
    for (const std::string& word : info.columns[c].levels)
        names.emplace_back(keyed_hash(key, word).substr(0, 16), names.size());
    std::sort(names.begin(), names.end());
    std::vector<typename S::scalar> place(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        place[names[i].second] = static_cast<typename S::scalar>(i);
        info.columns[c].levels[i] = names[i].first;
    }
    for (std::size_t r = 0; r < rows.size(); ++r) {
        auto& value = copy.values()(r, c);
        if (value == value) value = place[static_cast<std::size_t>(value)];
    }
    const vector_view<const double> w = copy.weights();
    std::vector<double> weights(w.data(), w.data() + w.size());
    return dataset<S>(std::move(copy.values()), std::move(copy.targets()), std::move(info),
                      std::move(weights));
}

template <fixed_string Name, Dataset D,
          class Why = decltype(detail::objection_to_pseudonym<typename D::schema_type, Name>())>
    requires(!no_objection<Why>)
refused<Why> pseudonymise(const D&, std::string_view);

} // namespace tenon
