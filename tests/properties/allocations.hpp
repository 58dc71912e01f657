// What the heap is asked for, counted over the whole program.
#pragma once

#include <cstddef>

namespace tenon_test {

struct allocations {
    std::size_t count = 0;
    std::size_t bytes = 0;
};

/// Since the program began. With glibc every malloc counts, Eigen's too; elsewhere, and under sanitizers, operator new.
allocations allocated() noexcept;

/// What a call asked for.
template <class F>
allocations allocated_by(F&& f) {
    const allocations before = allocated();
    f();
    const allocations after = allocated();
    return {after.count - before.count, after.bytes - before.bytes};
}

} // namespace tenon_test
