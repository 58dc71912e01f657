#pragma once

// What fit asks of its data before any stage sees them, and which rows it keeps out for validation.

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/random.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/dataset.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// Throws where there are weights that nobody would look at.
inline void refuse_weights(vector_view<const double> weights, std::string_view who) {
    if (weights.size() != 0)
        fail<fit_error>({who, " takes no weights, but the data have some; fit it to data without them"});
}

/// Refuses rows that the pipeline P cannot use, naming column and row; they may come in parts.
template <class P, Schema S>
class row_checks {
public:
    template <Dataset D>
    void see(const D& data) {
        const matrix_view<const typename S::scalar> x = data.x();
        const schema_info& info = data.info();
        for (std::size_t r = 0; r < x.rows(); ++r) {
            // One sum a row first: v - v is 0 for every finite v, and NaN otherwise.
            typename S::scalar sum = 0;
            for (std::size_t c = 0; c < x.columns(); ++c) sum += x(r, c) - x(r, c);
            if (sum == 0) continue;
            for (std::size_t c = 0; c < x.columns(); ++c) {
                if (std::isinf(x(r, c))) fail<data_error>({"fit: ", at(info.columns[c], r), " is infinite"});
                if (x(r, c) != x(r, c) && !P::may_lack(c))
                    fail<data_error>({"fit: ", at(info.columns[c], r),
                                      " is missing and no stage fills missing values; put impute(…) first"});
            }
        }
        if constexpr (is_several_numbers<typename S::kind>)
            for (std::size_t r = 0; r < x.rows(); ++r)
                for (std::size_t k = 0; k < outputs_of<typename S::kind>; ++k)
                    if (!std::isfinite(data.y()[r][k]))
                        fail<data_error>(
                            {"fit: target ", at(info.target_column(k), r), " is not a finite number"});
        if constexpr (std::is_same_v<typename S::kind, real>) {
            for (std::size_t r = 0; r < x.rows(); ++r)
                if (!std::isfinite(data.y()[r]))
                    fail<data_error>({"fit: target ", at(info.target, r), " is not a finite number"});
        }
        if constexpr (is_classification<typename S::kind>) {
            const std::size_t count = info.target.levels.size();
            if (rows_ == 0 && x.rows() > 0) first_label_ = data.y()[0];
            for (std::size_t r = 0; r < x.rows(); ++r) {
                if (data.y()[r] >= count)
                    fail<data_error>({"fit: label ", at(info.target, r), " is ", data.y()[r],
                                      ", the schema has ", count, " classes"});
                several_ |= data.y()[r] != first_label_;
            }
        }
        const vector_view<const double> weights = weights_of(data);
        if (rows_ == 0) is_weighted_ = weights.size() != 0;
        if (x.rows() > 0 && is_weighted_ != (weights.size() != 0))
            fail<data_error>({"fit: from row ", rows_ + 1, " on the data have ", is_weighted_ ? "no " : "",
                              "weights, unlike those before"});
        for (std::size_t r = 0; r < weights.size(); ++r) has_weight_ |= weights[r] > 0;
        rows_ += x.rows();
    }

    /// Behind the last row.
    void end(const schema_info& info) const {
        if (rows_ == 0) fail<data_error>({"fit: the data have no rows"});
        if (is_classification<typename S::kind> && !several_)
            fail<data_error>({"fit: label '", info.target.name, "' has one class only in these rows"});
        if (is_weighted_ && !has_weight_) fail<data_error>({"fit: the weights of all rows are 0"});
    }
    std::size_t rows() const noexcept { return rows_; }

private:
    std::string at(const column_info& column, std::size_t r) const {
        return concat({"column '", column.name, "', row ", rows_ + r + 1});
    }

    std::size_t rows_ = 0;
    target_value<typename S::kind> first_label_{};
    bool several_ = false, is_weighted_ = false, has_weight_ = false;
};

/// The same for rows that are all there.
template <class P, Dataset D>
void check_training_data(const D& data) {
    row_checks<P, typename D::schema_type> checks;
    checks.see(data);
    checks.end(data.info());
}

/// Refuses data whose names, levels or classes are not those that a fitted pipeline knows.
inline void check_same_columns(const schema_info& known, const schema_info& given) {
    auto check = [](const column_info& mine, const column_info& theirs) {
        if (mine.name != theirs.name)
            fail<data_error>({"the model was fitted on column '", mine.name, "', the data have '",
                              theirs.name, "' in its place"});
        if (mine.levels != theirs.levels)
            fail<data_error>({"column '", mine.name, "' has other levels than the model was fitted on"});
    };
    if (known.columns.size() != given.columns.size())
        fail<data_error>({"the model was fitted on ", known.columns.size(), " columns, the data have ",
                          given.columns.size()});
    for (std::size_t i = 0; i < known.columns.size(); ++i) check(known.columns[i], given.columns[i]);
    check(known.target, given.target);
    for (std::size_t k = 0; k < known.more_targets.size() && k < given.more_targets.size(); ++k)
        check(known.more_targets[k], given.more_targets[k]);
}

/// How many scores a model gives: one a class that there is, one a number of the target.
template <class Kind>
std::size_t output_count(const schema_info& info) noexcept {
    return is_classification<Kind> ? info.target.levels.size() : outputs_of<Kind>;
}

/// Fits a model that has a solver, with the rows' weights where there are any. Throws fit_error for weights that it does not
/// take: its fit has no parameter for them.
template <class M, class S, class Y>
M fit_model(const S& model, matrix_view<const typename M::scalar> x, vector_view<const Y> y,
            model_shape shape, vector_view<const double> weights) {
    constexpr std::type_identity<M> type{};
    if constexpr (requires { model.fit(type, x, y, shape, weights); })
        return model.fit(type, x, y, shape, weights);
    else {
        refuse_weights(weights, M::name);
        return model.fit(type, x, y, shape);
    }
}

/// Which rows train and which watch.
struct row_parts {
    std::vector<std::size_t> training, held_out;
};

inline void check_validation(double share) {
    if (!(share >= 0 && share < 1))
        fail<fit_error>({"minimize: .validation is a share of the rows from 0 to below 1, not ", share});
}

/// A random share of n rows is held out, both parts in ascending order.
inline row_parts hold_out_rows(std::size_t n, double share, std::uint64_t seed) {
    check_validation(share);
    row_parts parts;
    if (share == 0) return parts;
    const auto count = static_cast<std::size_t>(std::lround(share * static_cast<double>(n)));
    if (count == 0 || count >= n)
        fail<fit_error>(
            {"minimize: .validation = ", share, " of ", n, " rows leaves no rows to train on or to watch"});
    std::vector<std::size_t> order(n);
    for (std::size_t r = 0; r < n; ++r) order[r] = r;
    philox random(seed, 2);
    shuffle(order, random);
    std::vector<bool> is_held_out(n);
    for (std::size_t i = 0; i < count; ++i) is_held_out[order[i]] = true;
    for (std::size_t r = 0; r < n; ++r) (is_held_out[r] ? parts.held_out : parts.training).push_back(r);
    return parts;
}

} // namespace detail

} // namespace tenon
