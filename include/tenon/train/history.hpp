#pragma once

// How a training run went, epoch by epoch: kept, printed, written.

#include <concepts>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/text.hpp>
#include <tenon/format/file.hpp>
#include <tenon/format/number.hpp>
#include <tenon/train/callback.hpp>
#include <tenon/train/training_session.hpp>
#include <vector>

namespace tenon::inline v0 {

// Members are templates where nothing varies, so that whoever keeps no history is spared what they would instantiate.
/// The epochs of one run. Filled by record(history); a new fit begins it anew, one that goes on from a checkpoint begins
/// with the epochs that lie behind.
class history {
public:
    const std::vector<epoch_result>& epochs() const noexcept { return epochs_; }
    std::size_t size() const noexcept { return epochs_.size(); }
    bool empty() const noexcept { return epochs_.empty(); }
    void clear() noexcept { epochs_.clear(); }
    template <class Lazy = void>
    void push_back(const epoch_result& result) {
        epochs_.push_back(result);
    }

    /// A table of at most 80 columns, a line an epoch; * marks those that were the best so far.
    template <class Lazy = void>
    std::string to_string() const;
    /// epoch, loss, validation_loss, the metric (or "metric"), rate, seconds, is_best; numbers are the shortest that read
    /// back to the same bits, and there is nothing where one is missing.
    template <class Lazy = void>
    std::string to_csv() const;
    /// Writes to_csv to a file; what was there is replaced only when the new file is complete. Throws data_error where it
    /// cannot be written.
    template <class Lazy = void>
    void write_csv(const std::string& path) const {
        write_file(path, std::string_view(to_csv()));
    }

private:
    /// Whether an epoch has a number there.
    bool has(double epoch_result::*value) const noexcept {
        for (const epoch_result& e : epochs_)
            if (e.*value == e.*value) return true;
        return false;
    }

    std::vector<epoch_result> epochs_;
};

template <class Lazy>
std::string history::to_string() const {
    const bool watches = has(&epoch_result::validation_loss), rates = has(&epoch_result::rate);
    const std::string metric = epochs_.empty() ? std::string() : epochs_[0].metric_name.substr(0, 14);
    std::string text = "   epoch         loss";
    const auto cell = [&](double value, int width, int digits_shown = 5) {
        char digits[40] = "";
        if (value == value)
            std::snprintf(digits, sizeof digits, "%*.*g", width, digits_shown, value);
        else
            std::snprintf(digits, sizeof digits, "%*s", width, "");
        text += digits;
    };
    text += watches ? "   validation  " : "  ";
    if (!metric.empty()) detail::append(text, {std::string(15 - metric.size(), ' '), metric});
    if (rates) text += "        rate";
    text += "   seconds\n";
    for (const epoch_result& e : epochs_) {
        char number[16];
        std::snprintf(number, sizeof number, "%8d", e.epoch);
        text += number;
        cell(e.loss, 13);
        if (watches) cell(e.validation_loss, 13);
        text += e.is_best ? " *" : "  ";
        if (!metric.empty()) cell(e.metric, 15);
        if (rates) cell(e.rate, 12);
        cell(e.seconds, 10, 3);
        text += '\n';
    }
    return text;
}

template <class Lazy>
std::string history::to_csv() const {
    const bool is_named = !epochs_.empty() && !epochs_[0].metric_name.empty();
    std::string text = "epoch,loss,validation_loss,";
    for (const char c : is_named ? std::string_view(epochs_[0].metric_name) : "metric")
        text += c == ',' || c == '"' || c == '\n' ? ' ' : c;
    text += ",rate,seconds,is_best\n";
    for (const epoch_result& e : epochs_) {
        detail::append(text, {e.epoch});
        for (const double value : {e.loss, e.validation_loss, e.metric, e.rate, e.seconds}) {
            text += ',';
            if (value == value) text += format_number(value);
        }
        text += e.is_best ? ",1\n" : ",0\n";
    }
    return text;
}

/// Made by record(history).
struct record_callback {
    history* to;

    template <class Session>
    void begin(Session& session) const {
        to->clear();
        for (std::size_t i = 0; i < session.past_epochs(); ++i) to->push_back(session.past_epoch(i));
    }
    template <std::same_as<epoch_result> Result>
    void operator()(const Result& result) const {
        to->push_back(result);
    }
};

/// Keeps how every epoch went: `history seen; … {.callbacks = {record(seen)}}`. The history must outlive every fit of the
/// recipe; each begins it anew.
inline record_callback record(history& to) noexcept {
    return {&to};
}

} // namespace tenon
