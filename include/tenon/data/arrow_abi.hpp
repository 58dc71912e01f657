#pragma once

// The three structs of Arrow's C Data and C Stream interfaces, a public binary interface in which programs and languages
// hand tables to each other in memory (arrow.apache.org/docs/format/CDataInterface.html). Whoever else defines them in
// the same program guards them with the same macros.

#include <cstdint>

// NOLINTBEGIN(modernize-use-using)
extern "C" {

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
    const char* format;
    const char* name;
    const char* metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema** children;
    struct ArrowSchema* dictionary;
    void (*release)(struct ArrowSchema*);
    void* private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void** buffers;
    struct ArrowArray** children;
    struct ArrowArray* dictionary;
    void (*release)(struct ArrowArray*);
    void* private_data;
};

#endif // ARROW_C_DATA_INTERFACE

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
    int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
    const char* (*get_last_error)(struct ArrowArrayStream*);
    void (*release)(struct ArrowArrayStream*);
    void* private_data;
};

#endif // ARROW_C_STREAM_INTERFACE

} // extern "C"
// NOLINTEND(modernize-use-using)

namespace tenon::inline v0::detail {

/// One of the three structs, taken over from whoever made it: what was given is then marked as released, and this one is
/// released exactly once.
template <class Struct>
class arrow_owner {
public:
    arrow_owner() noexcept = default;
    explicit arrow_owner(Struct* from) noexcept {
        if (from == nullptr) return;
        held_ = *from;
        from->release = nullptr;
    }
    arrow_owner(const arrow_owner&) = delete;
    arrow_owner& operator=(const arrow_owner&) = delete;
    ~arrow_owner() {
        if (held_.release != nullptr) held_.release(&held_);
    }

    bool is_empty() const noexcept { return held_.release == nullptr; }
    /// Where a producer may put a struct; what was held is released before.
    Struct* slot() noexcept {
        if (held_.release != nullptr) held_.release(&held_);
        held_ = {};
        return &held_;
    }
    const Struct& get() const noexcept { return held_; }
    Struct& get() noexcept { return held_; }

private:
    Struct held_{};
};

} // namespace tenon::inline v0::detail
