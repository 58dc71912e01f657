#pragma once

// What the processor that the program runs on can do, beyond what its units are compiled for.

namespace tenon::inline v0::detail {

enum class instruction_set {
    unit, ///< what the unit is compiled for
    avx2, ///< with fused multiply-add
    avx512,
};

#if defined(__x86_64__) && defined(__GNUC__)
inline bool has_avx2() noexcept {
    __builtin_cpu_init(); // in case this runs before the constructors have
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
inline bool has_avx512() noexcept {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
inline bool has_avx512_vnni() noexcept {
    return has_avx512() && __builtin_cpu_supports("avx512vnni");
}
inline instruction_set find_instruction_set() noexcept {
    return has_avx512() ? instruction_set::avx512
           : has_avx2() ? instruction_set::avx2
                        : instruction_set::unit;
}

/// The widest set that the processor has. Whoever predicts before this is initialised runs what the unit is compiled for.
inline const instruction_set widest_set = find_instruction_set();
#endif

} // namespace tenon::detail
