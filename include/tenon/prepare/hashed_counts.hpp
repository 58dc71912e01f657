#pragma once

// hashed_counts<N>: a text becomes N numbers, the counts of its words in the places that their hashes name. The columns of a
// data set are numbers, so texts are counted when they are read, and in the same way before a prediction. A schema's
// text<"review", N> does so by itself.

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <tenon/core/matrix.hpp>
#include <tenon/core/word_counts.hpp>
#include <type_traits>

namespace tenon::inline v0 {

struct hashed_counts_options {
    bool alternate_sign =
        false; ///< half of the words count -1, so that words which meet in a place cancel on average
};

/// Writes how often each word of the text occurs to the N places of counts (a std::array or a span of that size); words with
/// one place are counted together. Allocates nothing.
///
/// A word is a run of two or more letters, digits and underscores; upper and lower case of ASCII are one. The place is the
/// 32-bit MurmurHash3 (seed 0) of the word modulo N, as in scikit-learn's HashingVectorizer(norm=None,
/// alternate_sign=False). Text is UTF-8: every character beyond ASCII counts as a letter and stays as it is, where
/// scikit-learn knows other scripts' punctuation and lower case. Empty text gives zeros.
template <std::size_t N, class T = double>
constexpr void hashed_counts(std::string_view text, std::type_identity_t<std::span<T, N>> counts,
                             hashed_counts_options options = {}) noexcept {
    static_assert(N > 0 && N <= 0x7fff'ffff, "hashed_counts<N>: N is 1 or more columns, below 2^31");
    detail::count_words(text, counts, options.alternate_sign);
}

/// The counts of one text: std::array, as a model with N columns takes it.
///
///     double spam = model(hashed_counts<1024>(message));
template <std::size_t N, class T = double>
constexpr std::array<T, N> hashed_counts(std::string_view text, hashed_counts_options options = {}) noexcept {
    std::array<T, N> counts{};
    hashed_counts<N, T>(text, std::span<T, N>(counts), options);
    return counts;
}

/// One row a text; Texts is a range of what turns into std::string_view.
///
///     dataset<columns<1024, classes<2>>> data(hashed_counts<1024>(messages), is_spam);
///     auto model = (tf_idf() | logistic_regression()).fit(data);
template <std::size_t N, class T = double, class Texts>
    requires(!std::is_convertible_v<const Texts&, std::string_view> &&
             requires(const Texts& texts) {
                 texts.size();
                 std::string_view(*texts.begin());
             })
matrix<T> hashed_counts(const Texts& texts, hashed_counts_options options = {}) {
    matrix<T> counts(texts.size(), N);
    std::size_t r = 0;
    for (const auto& text : texts)
        hashed_counts<N, T>(std::string_view(text), std::span<T, N>(counts.row(r++).data(), N), options);
    return counts;
}

} // namespace tenon
