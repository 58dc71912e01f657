#pragma once

// The memory of a matrix: numbers that nobody sets before they are written, in huge pages where there are many. In fresh
// pages of 4 KiB they would cost four times as much to get.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace tenon::inline v0::detail {

/// Asks for huge pages where the system has them and the memory is worth it; it is as good without.
inline void ask_for_huge_pages(void* memory, std::size_t bytes) noexcept {
#ifdef MADV_HUGEPAGE
    constexpr std::size_t page = 65536; // a multiple of every system's
    constexpr std::size_t worth_it = std::size_t{1} << 23;
    if (bytes < worth_it) return;
    const std::size_t skipped = (page - reinterpret_cast<std::uintptr_t>(memory) % page) % page;
    ::madvise(static_cast<char*>(memory) + skipped, (bytes - skipped) / page * page, MADV_HUGEPAGE);
#else
    (void)memory, (void)bytes;
#endif
}

/// Room for numbers, and how many of them are in use.
template <class T>
class matrix_memory {
    static_assert(std::is_trivially_copyable_v<T>, "a matrix holds numbers");

public:
    matrix_memory() noexcept = default;
    explicit matrix_memory(std::size_t size) { resize(size); }
    matrix_memory(const matrix_memory& other) : matrix_memory(other.size_) { copy(other.data_, size_); }
    matrix_memory(matrix_memory&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)),
          room_(std::exchange(other.room_, 0)) {}
    matrix_memory& operator=(matrix_memory other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        std::swap(room_, other.room_);
        return *this;
    }
    ~matrix_memory() { delete[] data_; }

    T* data() noexcept { return data_; }
    const T* data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }
    T& operator[](std::size_t i) noexcept { return data_[i]; }
    const T& operator[](std::size_t i) const noexcept { return data_[i]; }

    /// The numbers in front stay as they are, new ones are whatever was in memory.
    void resize(std::size_t size) {
        if (size > room_) {
            matrix_memory larger;
            larger.room_ = size > room_ + room_ / 2 ? size : room_ + room_ / 2;
            larger.data_ = new T[larger.room_];
            ask_for_huge_pages(larger.data_, larger.room_ * sizeof(T));
            larger.copy(data_, size_);
            *this = std::move(larger);
        }
        size_ = size;
    }
    /// The numbers from `first` on become zero.
    void clear_from(std::size_t first) noexcept {
        for (std::size_t i = first; i < size_; ++i) data_[i] = T{};
    }

private:
    void copy(const T* from, std::size_t count) noexcept {
        if (count > 0) std::memcpy(data_, from, count * sizeof(T));
    }

    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t room_ = 0;
};

} // namespace tenon::detail
