#pragma once

// RFC 4180 text, one record after another: quoted fields with line ends and doubled quotes inside, lines that end in
// LF, CRLF or CR, a byte order mark in front. Fields are views of the text; nothing is allocated a field or a line.

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::inline v0 {

/// What csv_text::next met.
enum class csv_event {
    record,          ///< fields() are its fields
    end,             ///< there is no more
    unclosed_quote,  ///< the field behind fields() opens a quote that nothing closes
    misplaced_quote, ///< the field behind fields() has a quote inside, or something behind its closing quote
};

/// A reader of delimited text, which it borrows. Blanks belong to fields; lines with nothing in them are passed over.
class csv_text {
public:
    /// quote = '\0': there are no quotes.
    explicit csv_text(std::string_view text, char delimiter = ',', char quote = '"')
        : delimiter_(delimiter), quote_(quote) {
        if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
        at_ = text.data();
        end_ = text.data() + text.size();
        for (const char c : {delimiter, '\r', '\n'}) ends_field_[static_cast<unsigned char>(c)] = true;
        if (quote != '\0') ends_field_[static_cast<unsigned char>(quote)] = true;
    }

    /// Goes to the next record. After a quote that is wrong, the text cannot be read on.
    csv_event next() {
        while (at_ != end_ && is_line_end(*at_)) skip_line_end();
        fields_.clear();
        escaped_.clear();
        line_ = next_line_;
        record_ = at_;
        if (at_ == end_) return csv_event::end;
        for (;;) {
            const csv_event met = opens_quote() ? read_quoted() : read_plain();
            if (met != csv_event::record) return met;
            if (at_ == end_) break;
            const char separator = *at_;
            if (separator == delimiter_) {
                ++at_;
                continue;
            }
            skip_line_end();
            break;
        }
        if (!escaped_.empty()) unescape();
        return csv_event::record;
    }

    /// Goes to the next record and lets take(i, at, end) read its field i straight from the text: it returns where the
    /// field ends, before any line end, or null. False, and the record is still next(), where it does or where there
    /// are not just so many fields.
    template <class Take>
    bool next_by(std::size_t fields, Take&& take) {
        while (at_ != end_ && is_line_end(*at_)) skip_line_end();
        if (at_ == end_) return false;
        const char* at = at_;
        for (std::size_t i = 0;; ++at) {
            at = take(i, at, end_);
            if (at == nullptr) return false;
            if (++i == fields) break;
            if (at == end_ || *at != delimiter_) return false;
        }
        if (at != end_ && !is_line_end(*at)) return false;
        line_ = next_line_;
        at_ = at;
        if (at_ != end_) skip_line_end();
        return true;
    }

    /// Where a field without quotes that begins at `at` ends; null where it has a quote.
    const char* end_of_plain(const char* at) const noexcept {
        while (at != end_ && !ends_field_[static_cast<unsigned char>(*at)]) ++at;
        return at != end_ && quote_ != '\0' && *at == quote_ ? nullptr : at;
    }

    /// Goes back to where the record begins that next() has read.
    void go_back() noexcept {
        at_ = record_;
        next_line_ = line_;
    }
    /// Goes to a part of the text, which begins where a record does, at this line, and ends where one does.
    void go_to(std::string_view part, std::size_t line) noexcept {
        at_ = part.data();
        end_ = part.data() + part.size();
        next_line_ = line;
    }

    /// What is left, and the line it begins in.
    std::string_view left() const noexcept { return {at_, static_cast<std::size_t>(end_ - at_)}; }
    std::size_t next_line() const noexcept { return next_line_; }

    /// The fields of the record, without their quotes; valid until next() is called.
    std::span<const std::string_view> fields() const noexcept { return fields_; }
    /// The line of the text where the record begins, counted from 1.
    std::size_t line() const noexcept { return line_; }

private:
    static bool is_line_end(char c) noexcept { return c == '\n' || c == '\r'; }
    bool opens_quote() const noexcept { return quote_ != '\0' && at_ != end_ && *at_ == quote_; }

    /// Passes LF, CRLF or CR.
    void skip_line_end() noexcept {
        if (*at_++ == '\r' && at_ != end_ && *at_ == '\n') ++at_;
        ++next_line_;
    }

    csv_event read_plain() {
        const char* const first = at_;
        while (at_ != end_ && !ends_field_[static_cast<unsigned char>(*at_)]) ++at_;
        if (opens_quote()) return csv_event::misplaced_quote;
        fields_.emplace_back(first, static_cast<std::size_t>(at_ - first));
        return csv_event::record;
    }

    csv_event read_quoted() {
        const char* const first = ++at_;
        bool escaped = false;
        for (;;) {
            while (at_ != end_ && *at_ != quote_ && !is_line_end(*at_)) ++at_;
            if (at_ == end_) return csv_event::unclosed_quote;
            if (*at_ != quote_) {
                skip_line_end();
                continue;
            }
            ++at_;
            if (at_ == end_ || *at_ != quote_) break;
            escaped = true;
            ++at_;
        }
        if (at_ != end_ && *at_ != delimiter_ && !is_line_end(*at_)) return csv_event::misplaced_quote;
        if (escaped) escaped_.push_back(fields_.size());
        fields_.emplace_back(first, static_cast<std::size_t>(at_ - first) - 1);
        return csv_event::record;
    }

    /// Two quotes become one; such fields move to memory of our own, reserved first so that views of it hold.
    void unescape() {
        std::size_t size = 0;
        for (const std::size_t i : escaped_) size += fields_[i].size();
        unescaped_.clear();
        unescaped_.reserve(size);
        for (const std::size_t i : escaped_) {
            const std::string_view raw = fields_[i];
            const std::size_t first = unescaped_.size();
            for (std::size_t k = 0; k < raw.size(); ++k) {
                unescaped_.push_back(raw[k]);
                if (raw[k] == quote_) ++k;
            }
            fields_[i] = std::string_view(unescaped_.data() + first, unescaped_.size() - first);
        }
    }

    const char* at_ = nullptr;
    const char* end_ = nullptr;
    const char* record_ = nullptr;
    char delimiter_;
    char quote_;
    std::array<bool, 256> ends_field_{};
    std::size_t line_ = 1;
    std::size_t next_line_ = 1;
    std::vector<std::string_view> fields_;
    std::vector<std::size_t> escaped_; ///< fields of this record with doubled quotes
    std::string unescaped_;
};

} // namespace tenon
