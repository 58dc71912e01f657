#pragma once

// Memory for inputs, weights and outputs of a benchmark: on cache-line boundaries, so that no weight row
// straddles two lines, and in huge pages where it is large, so that the walk of page tables is not what is timed.

#include <cstddef>
#include <cstdlib>
#include <new>
#include <type_traits>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace tenon_benchmark {

/// A fixed number of plain values, all zero at first; moves, does not copy.
template <class T>
    requires std::is_trivially_copyable_v<T>
class aligned_array {
public:
    explicit aligned_array(std::size_t size) : size_(size), data_(allocate(size * sizeof(T))) {
        for (std::size_t i = 0; i < size; ++i) data_[i] = T{};
    }
    aligned_array(aligned_array&& other) noexcept
        : size_(std::exchange(other.size_, 0)), data_(std::exchange(other.data_, nullptr)) {}
    aligned_array& operator=(aligned_array&&) = delete;
    ~aligned_array() { std::free(data_); }

    T* data() { return data_; }
    const T* data() const { return data_; }
    std::size_t size() const { return size_; }
    T& operator[](std::size_t i) { return data_[i]; }
    const T& operator[](std::size_t i) const { return data_[i]; }
    T* begin() { return data_; }
    T* end() { return data_ + size_; }
    const T* begin() const { return data_; }
    const T* end() const { return data_ + size_; }

private:
    static T* allocate(std::size_t bytes) {
        const std::size_t huge_page = std::size_t{2} << 20;
        const std::size_t boundary = bytes >= huge_page ? huge_page : 64;
        const std::size_t whole = (bytes + boundary - 1) / boundary * boundary;
        void* memory = std::aligned_alloc(boundary, whole > 0 ? whole : boundary);
        if (memory == nullptr) throw std::bad_alloc();
#if defined(__linux__)
        if (boundary == huge_page)
            madvise(memory, whole, MADV_HUGEPAGE); // advice only: a refusal does no harm
#endif
        return static_cast<T*>(memory);
    }

    std::size_t size_;
    T* data_;
};

} // namespace tenon_benchmark
