#pragma once

// The hinge, the loss of support vector machines, of two and more classes (Crammer and Singer, JMLR 2001).

#include <cstddef>
#include <span>
#include <tenon/core/because.hpp>
#include <tenon/core/target.hpp>
#include <type_traits>

namespace tenon::inline v0 {

namespace detail {

/// 1 - (the score of class y - the best other score), and which class that is.
template <class T>
struct shortfall {
    T value;
    std::size_t rival;
    shortfall(std::span<const T> scores, class_index y) noexcept : rival(y == 0 ? 1 : 0) {
        for (std::size_t k = 0; k < scores.size(); ++k)
            if (k != y && scores[rival] == scores[rival] && !(scores[k] <= scores[rival]))
                rival = k; // NaN stays
        value = 1 - (scores[y] - scores[rival]);
    }
};

} // namespace detail

/// max(0, 1 - (score of the class - best other score)): nothing where the class leads by 1 or more. As scikit-learn's
/// hinge_loss, whose decision of two classes is the difference of these scores.
struct hinge_loss {
    template <class Kind>
    using accepts = std::conditional_t<is_classification<Kind>, because::nothing,
                                       because::a_classification_loss_cannot_fit_real_targets>;
    static constexpr const char* name = "hinge";

    template <class T>
    T operator()(std::span<const T> scores, class_index y, std::span<T> gradient) const noexcept {
        for (T& v : gradient) v = 0;
        const detail::shortfall<T> lacks(scores, y);
        if (lacks.value <= 0) return 0;
        gradient[y] = -1;
        gradient[lacks.rival] = 1;
        return lacks.value;
    }
};

/// The square of the hinge: smooth where the lead passes 1.
struct squared_hinge_loss {
    template <class Kind>
    using accepts = hinge_loss::accepts<Kind>;
    static constexpr const char* name = "squared hinge";

    template <class T>
    T operator()(std::span<const T> scores, class_index y, std::span<T> gradient) const noexcept {
        for (T& v : gradient) v = 0;
        const detail::shortfall<T> lacks(scores, y);
        if (lacks.value <= 0) return 0;
        gradient[y] = -2 * lacks.value;
        gradient[lacks.rival] = 2 * lacks.value;
        return lacks.value * lacks.value;
    }
};

/// The loss of a support vector machine.
constexpr hinge_loss hinge() noexcept {
    return {};
}

/// The hinge squared.
constexpr squared_hinge_loss squared_hinge() noexcept {
    return {};
}

} // namespace tenon
