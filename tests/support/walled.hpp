// Numbers at the end of memory: whoever reads or writes behind them is stopped, in assembly too, which
// AddressSanitizer does not see.
#pragma once

#include <cstddef>
#include <new>
#include <span>
#include <type_traits>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace tenon_test {

/// Converts to a span of them. Elsewhere than on Linux there is no wall.
template <class T>
class walled {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    explicit walled(std::size_t size) : size_(size) {
#if defined(__linux__)
        const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
        const std::size_t room = (size * sizeof(T) + page - 1) / page * page;
        whole_ = room + page;
        begin_ = ::mmap(nullptr, whole_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (begin_ == MAP_FAILED) throw std::bad_alloc();
        char* const wall = static_cast<char*>(begin_) + room;
        ::mprotect(wall, page, PROT_NONE);
        data_ = reinterpret_cast<T*>(wall - size * sizeof(T));
#else
        data_ = new T[size]{};
#endif
    }
    walled(const walled&) = delete;
    walled& operator=(const walled&) = delete;
#if defined(__linux__)
    ~walled() { ::munmap(begin_, whole_); }
#else
    ~walled() { delete[] data_; }
#endif

    std::size_t size() const { return size_; }
    T* data() const { return data_; }
    T* begin() const { return data_; }
    T* end() const { return data_ + size_; }
    T& operator[](std::size_t i) const { return data_[i]; }

private:
    std::size_t size_, whole_ = 0;
    void* begin_ = nullptr;
    T* data_;
};

} // namespace tenon_test
