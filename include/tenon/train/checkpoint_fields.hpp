#pragma once

// The fields of a training run into the tensors of a file, back from them, and aside for a trial. Part of
// train/checkpoint.hpp.

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/format/safetensors.hpp>
#include <tenon/train/training_session.hpp>
#include <vector>

namespace tenon::inline v0::detail {

/// Makes room for so many values, where their number may change, and puts bytes there.
template <class Lazy = void>
void put_values(const run_values& to, std::span<const std::byte> bytes) {
    void* data = const_cast<void*>(to.data);
    const std::size_t count = bytes.size() / to.width;
    if (to.resize != nullptr) data = to.resize(to.vector, count);
    if (!bytes.empty()) std::memcpy(data, bytes.data(), bytes.size());
}

template <class Lazy = void>
std::span<const std::byte> bytes_of(const run_values& values) noexcept {
    return {static_cast<const std::byte*>(values.data), values.count * values.width};
}

/// A copy of all fields, to be put back.
template <class Lazy = void>
class kept_fields final : public run_visitor {
public:
    explicit kept_fields(training_session& session) : session_(session) { session.visit_fields(*this); }
    void put_back() {
        is_kept_ = true;
        next_ = 0;
        session_.visit_fields(*this);
    }
    void values(const run_values& seen) override {
        const auto bytes = bytes_of(seen);
        if (is_kept_)
            put_values(seen, kept_[next_++]);
        else
            kept_.emplace_back(bytes.begin(), bytes.end());
    }
    void unnamed(std::string_view what) override {
        fail<fit_error>({"checkpoint: ", what,
                         " cannot be stored: a state lists numbers and vectors of numbers by name, in "
                         "template <class Self, "
                         "class Visit> static void fields(Self& self, Visit&& visit)"});
    }

private:
    training_session& session_;
    std::vector<std::vector<std::byte>> kept_;
    std::size_t next_ = 0;
    bool is_kept_ = false;
};

/// How many values each field has.
template <class Lazy = void>
class field_counts final : public run_visitor {
public:
    explicit field_counts(training_session& session) { session.visit_fields(*this); }
    void values(const run_values& seen) override { counts.push_back(seen.count); }
    void unnamed(std::string_view) override {}
    std::vector<std::size_t> counts;
};

/// "3 m": fields of different parts of an optimizer may share a name.
template <class Lazy = void>
std::string tensor_name(std::size_t i, std::string_view name) {
    return concat({i, " ", name});
}
template <class Lazy = void>
std::string tensor_dtype(const run_values& values) {
    return concat({values.kind, values.width * 8});
}

/// The fields as tensors, in the memory of the run.
template <class Lazy = void>
class written_fields final : public run_visitor {
public:
    explicit written_fields(training_session& session) { session.visit_fields(*this); }
    void values(const run_values& seen) override {
        tensors.push_back({tensor_name(tensors.size(), seen.name), tensor_dtype(seen), {}, bytes_of(seen)});
        if (seen.is_sequence) tensors.back().shape.push_back(seen.count);
    }
    void unnamed(std::string_view) override {}
    std::vector<tensor_info> tensors;
};

/// The fields from the tensors of a file. Throws artifact_error for what is not as the run has it; a field has as many
/// values as it had after the epochs of the trial, or, of the best epoch, as the run can use.
template <class Lazy = void>
class read_fields final : public run_visitor {
public:
    read_fields(const safetensors_view& file, const std::string& path, std::span<const std::size_t> counts)
        : file_(file), path_(path), counts_(counts) {}
    void values(const run_values& seen) override {
        const std::string name = tensor_name(next_, seen.name),
                          where = concat({path_, ": tensor '", name, "'"});
        const tensor_info* const tensor = file_.find(name);
        if (tensor == nullptr || tensor->dtype != tensor_dtype(seen) ||
            tensor->shape.size() != (seen.is_sequence ? 1U : 0U))
            fail<artifact_error>({where, " is missing, or of another type than in this program"});
        const std::size_t count = tensor->bytes.size() / seen.width;
        const bool is_best = seen.name.substr(0, 5) == "best ";
        if (count != counts_[next_] && !(is_best && seen.is_sequence))
            fail<artifact_error>(
                {where, " has ", count, " values in the file, ", counts_[next_], " in this program"});
        put_values(seen, tensor->bytes);
        ++next_;
    }
    void unnamed(std::string_view) override {}
    std::size_t count() const noexcept { return next_; }

private:
    const safetensors_view& file_;
    const std::string& path_;
    std::span<const std::size_t> counts_;
    std::size_t next_ = 0;
};

} // namespace tenon::detail
