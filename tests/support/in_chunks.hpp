// A dataset as a source of chunks.
#pragma once

#include <cstddef>
#include <optional>
#include <tenon/data/dataset.hpp>
#include <vector>

namespace tenon_test {

template <class S>
class in_chunks {
public:
    using schema_type = S;

    explicit in_chunks(const tenon::dataset<S>& data) : data_(&data) {}
    void rewind() {
        at_ = 0;
        ++passes_;
    }
    std::optional<tenon::dataset<S>> next(std::size_t most) {
        std::vector<std::size_t> rows;
        for (; at_ < data_->size() && rows.size() < most; ++at_) rows.push_back(at_);
        if (rows.empty()) return std::nullopt;
        return tenon::select_rows(*data_, rows);
    }
    int passes() const noexcept { return passes_; }

private:
    const tenon::dataset<S>* data_;
    std::size_t at_ = 0;
    int passes_ = 0;
};

} // namespace tenon_test
