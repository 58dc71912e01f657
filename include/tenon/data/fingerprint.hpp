#pragma once

// The fingerprint of a dataset: equal for equal names, levels, values, targets and weights in the same order, whatever the
// memory layout.

#include <bit>
#include <cstdint>
#include <limits>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/format/sha256.hpp>

namespace tenon::inline v0 {

namespace detail {

/// Mixes 64-bit words at the speed of memory; each block of words ends in SHA-256. It tells changed data from
/// unchanged, it does not resist somebody who searches for a collision.
class fingerprint_mixer {
public:
    void add(double value) noexcept {
        // One zero, and one NaN: there are many that mean "missing", and which one it is depends on the compiler.
        const double one_of_equals = value == value ? value + 0.0 : std::numeric_limits<double>::quiet_NaN();
        std::uint64_t& lane = lanes_[next_++ % 4];
        lane = (lane ^ std::bit_cast<std::uint64_t>(one_of_equals)) * 0x9e3779b97f4a7c15u;
        lane ^= lane >> 29;
    }
    void flush(sha256& hash) noexcept { hash.update(std::as_bytes(std::span(lanes_))); }

private:
    std::uint64_t lanes_[4] = {1, 2, 3, 4};
    std::size_t next_ = 0;
};

inline void add_text(sha256& hash, const std::string& text) {
    const std::uint64_t size = text.size();
    hash.update(std::as_bytes(std::span(&size, 1)));
    hash.update(std::as_bytes(std::span(text)));
}

inline void add_column(sha256& hash, const column_info& column) {
    add_text(hash, column.name);
    const std::uint64_t levels = column.levels.size();
    hash.update(std::as_bytes(std::span(&levels, 1)));
    for (const std::string& level : column.levels) add_text(hash, level);
}

} // namespace detail

/// The fingerprint of rows that come in parts, in order.
class fingerprint_fold {
public:
    explicit fingerprint_fold(const schema_info& info) {
        for (const column_info& column : info.columns) detail::add_column(hash_, column);
        detail::add_column(hash_, info.target);
        for (const column_info& column : info.more_targets) detail::add_column(hash_, column);
    }

    template <Dataset D>
    void update(const D& data) {
        using kind = typename D::schema_type::kind;
        const matrix_view<const typename D::schema_type::scalar> x = data.x();
        vector_view<const double> weights;
        if constexpr (requires { data.weights(); }) weights = data.weights();
        for (std::size_t r = 0; r < x.rows(); ++r) {
            for (std::size_t c = 0; c < x.columns(); ++c) mixer_.add(static_cast<double>(x(r, c)));
            if constexpr (is_several_numbers<kind>)
                for (const double value : data.y()[r]) mixer_.add(value);
            else if constexpr (!std::is_same_v<kind, none>)
                mixer_.add(static_cast<double>(data.y()[r]));
            if (weights.size() != 0) mixer_.add(weights[r]);
            if (++rows_ % 512 == 0) mixer_.flush(hash_);
        }
    }

    /// 64 hexadecimal digits. Uses the fold up.
    std::string hex() {
        mixer_.flush(hash_);
        return hash_.hex();
    }

private:
    sha256 hash_;
    detail::fingerprint_mixer mixer_;
    std::size_t rows_ = 0;
};

/// 64 hexadecimal digits.
template <Dataset D>
std::string fingerprint(const D& data) {
    fingerprint_fold fold(data.info());
    fold.update(data);
    return fold.hex();
}

} // namespace tenon
