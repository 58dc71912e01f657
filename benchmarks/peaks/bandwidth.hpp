#pragma once

// How fast one core reads from each level of the memory, and writes past the caches. The working set says which
// level it is: 16 KiB lies in L1, 400 KB (the float weights of 784→128→10) in L2, 8 MiB in L3, 256 MiB in DRAM.

#include <cstddef>

#include "support/aligned_array.hpp"
#include "support/interleaved.hpp"
#include "support/simd.hpp"

namespace tenon_benchmark::peaks {

/// One call reads the whole working set once, as four streams side by side: DRAM gives one stream half as much.
class read_stream {
public:
    static constexpr std::size_t block = 2 * vector_bytes;

    explicit read_stream(std::size_t bytes) : quarter_(bytes / (4 * block) * block), memory_(4 * quarter_) {
        escape(memory_.data());
    }
    double bytes() const { return static_cast<double>(memory_.size()); }

    void operator()() {
        // Bitwise or is the cheapest thing that needs the bytes; four chains hide its latency.
        ints a = {}, b = {}, c = {}, d = {};
        clobber();
        const unsigned char* p = memory_.data();
        for (const unsigned char* end = p + quarter_; p != end; p += block) {
            a |= pair(p), b |= pair(p + quarter_), c |= pair(p + 2 * quarter_), d |= pair(p + 3 * quarter_);
        }
        ints all = (a | b) | (c | d);
        unknown(all);
    }

private:
    static ints pair(const unsigned char* p) { return load<ints>(p) | load<ints>(p + vector_bytes); }

    std::size_t quarter_;
    aligned_array<unsigned char> memory_;
};

/// One call writes the whole working set once with stores that bypass the caches, so no line is read first.
class write_stream {
public:
    explicit write_stream(std::size_t bytes) : memory_(bytes / 64 * 64) { escape(memory_.data()); }
    double bytes() const { return static_cast<double>(memory_.size()); }

    void operator()() {
        const doubles value = splat(1.5);
        for (unsigned char *p = memory_.begin(), *end = memory_.end(); p != end; p += vector_bytes) {
            stream(p, value);
        }
        stream_done();
    }

private:
    aligned_array<unsigned char> memory_;
};

/// Bytes a nanosecond, which is GB/s, of reading a working set again and again.
inline double read_gbps(std::size_t bytes) {
    read_stream reader(bytes);
    return reader.bytes() / median_ns(reader);
}

inline double read_gbps_l1() {
    return read_gbps(std::size_t{16} << 10);
}
inline double read_gbps_l2() {
    return read_gbps(400 * 1000);
}
inline double read_gbps_l3() {
    return read_gbps(std::size_t{8} << 20);
}
inline double read_gbps_dram() {
    return read_gbps(std::size_t{256} << 20);
}

/// The same of writing past the caches.
inline double write_gbps_dram() {
    write_stream writer(std::size_t{256} << 20);
    return writer.bytes() / median_ns(writer);
}

} // namespace tenon_benchmark::peaks
