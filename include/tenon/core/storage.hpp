#pragma once

// Where fitted types keep their numbers: inside the object while small, on the heap (allocated once, at fit or
// load) beyond, aligned to a cache line either way. No Eigen member: size and alignment of a fitted type must
// not depend on the compiler's flags.

#include <array>
#include <cstddef>
#include <new>
#include <span>
#include <tenon/core/widths.hpp>
#include <vector>

namespace tenon::inline v0 {

/// Bytes above which storage of a static size moves to the heap: never a megabyte on the caller's stack.
inline constexpr std::size_t largest_inside = 16384;

namespace detail {

template <class T>
struct aligned_allocator {
    using value_type = T;
    static constexpr std::align_val_t alignment{64};

    aligned_allocator() = default;
    template <class U>
    constexpr aligned_allocator(const aligned_allocator<U>&) noexcept {}
    T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), alignment)); }
    void deallocate(T* p, std::size_t) noexcept { ::operator delete(p, alignment); }
    friend bool operator==(aligned_allocator, aligned_allocator) noexcept { return true; }
};

template <class T>
using aligned_vector = std::vector<T, aligned_allocator<T>>;

constexpr std::size_t storage_alignment(std::size_t bytes, std::size_t natural) noexcept {
    return bytes >= 64 ? 64 : natural;
}

template <class T, std::size_t N>
inline constexpr bool stored_inside = N != dynamic && N <= largest_inside / sizeof(T);

} // namespace detail

/// N values of T, zero at first; N may be dynamic. Seen as a span everywhere else.
template <class T, std::size_t N>
class storage {
public:
    using value_type = T;

    storage() : values_(N == dynamic ? 0 : N) {}
    /// n must be N where N is static.
    explicit storage(std::size_t n) : values_(n) {}

    T* data() noexcept { return values_.data(); }
    const T* data() const noexcept { return values_.data(); }
    std::size_t size() const noexcept { return N == dynamic ? values_.size() : N; }
    T& operator[](std::size_t i) noexcept { return values_[i]; }
    const T& operator[](std::size_t i) const noexcept { return values_[i]; }
    T* begin() noexcept { return data(); }
    T* end() noexcept { return data() + size(); }
    const T* begin() const noexcept { return data(); }
    const T* end() const noexcept { return data() + size(); }

    /// Only where N is dynamic.
    void resize(std::size_t n)
        requires(N == dynamic)
    {
        values_.resize(n);
    }

private:
    detail::aligned_vector<T> values_;
};

template <class T, std::size_t N>
    requires detail::stored_inside<T, N>
class storage<T, N> {
public:
    using value_type = T;

    constexpr storage() noexcept = default;
    constexpr explicit storage(std::size_t) noexcept {}

    constexpr T* data() noexcept { return values_.data(); }
    constexpr const T* data() const noexcept { return values_.data(); }
    static constexpr std::size_t size() noexcept { return N; }
    constexpr T& operator[](std::size_t i) noexcept { return values_[i]; }
    constexpr const T& operator[](std::size_t i) const noexcept { return values_[i]; }
    constexpr T* begin() noexcept { return data(); }
    constexpr T* end() noexcept { return data() + N; }
    constexpr const T* begin() const noexcept { return data(); }
    constexpr const T* end() const noexcept { return data() + N; }

private:
    alignas(detail::storage_alignment(N * sizeof(T), alignof(T))) std::array<T, N> values_{};
};

} // namespace tenon
