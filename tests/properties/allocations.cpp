#include "properties/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__)
#define TENON_TEST_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TENON_TEST_SANITIZED
#endif
#endif

namespace {

std::atomic<std::size_t> count{0}, bytes{0};

void note(std::size_t size) noexcept {
    count.fetch_add(1, std::memory_order_relaxed);
    bytes.fetch_add(size, std::memory_order_relaxed);
}

} // namespace

namespace tenon_test {

allocations allocated() noexcept {
    return {count.load(std::memory_order_relaxed), bytes.load(std::memory_order_relaxed)};
}

} // namespace tenon_test

#if defined(__GLIBC__) && !defined(TENON_TEST_SANITIZED)

// glibc lets a program have its own malloc, and keeps its own under these names.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t n, std::size_t size);
void* __libc_realloc(void* p, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* p);

void* malloc(std::size_t size) {
    note(size);
    return __libc_malloc(size);
}
void* calloc(std::size_t n, std::size_t size) {
    note(n * size);
    return __libc_calloc(n, size);
}
void* realloc(void* p, std::size_t size) {
    note(size);
    return __libc_realloc(p, size);
}
void* memalign(std::size_t alignment, std::size_t size) {
    note(size);
    return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    note(size);
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** p, std::size_t alignment, std::size_t size) {
    note(size);
    *p = __libc_memalign(alignment, size);
    return *p == nullptr ? 12 : 0; // ENOMEM
}
void free(void* p) {
    __libc_free(p);
}
}

#else

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    note(size);
    return std::malloc(size == 0 ? 1 : size);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    note(size);
    const auto to = static_cast<std::size_t>(alignment);
    return std::aligned_alloc(to, (size + to - 1) / to * to);
}
void* operator new(std::size_t size) {
    if (void* const p = ::operator new(size, std::nothrow)) return p;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    if (void* const p = ::operator new(size, alignment, std::nothrow)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept {
    std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
    std::free(p);
}
void operator delete(void* p, std::align_val_t) noexcept {
    std::free(p);
}
void operator delete(void* p, std::size_t, std::align_val_t) noexcept {
    std::free(p);
}

#endif
