#pragma once

// The errors tenon raises at run time, and the one function and macro through which all of them go.
//
// Every message names what was expected and what came, in the user's words: columns, files, lines, stages.
// Define TENON_THROW(type, message) before the first include of tenon to send errors elsewhere. Without
// exceptions (-fno-exceptions) the default prints the message to stderr and aborts.

#include <exception>
#include <initializer_list>
#include <string>
#include <tenon/core/text.hpp>
#include <utility>

#if !defined(TENON_THROW) && !defined(__cpp_exceptions)
#include <cstdio>
#include <cstdlib>
#endif

namespace tenon::inline v0 {

/// The base of every error tenon raises; what() is one sentence for the user.
class error : public std::exception {
public:
    explicit error(std::string message) : message_(std::move(message)) {}
    const char* what() const noexcept override { return message_.c_str(); }

private:
    std::string message_;
};

/// Data that cannot be used: a bad file, a ragged row, an unknown level, a non-finite number, too few rows.
class data_error : public error {
public:
    using error::error;
};

/// Fitting that cannot succeed: divergence, a solver without convergence, an impossible option.
class fit_error : public error {
public:
    using error::error;
};

/// An artifact that cannot be trusted or does not belong to this program: damaged, truncated, another recipe.
class artifact_error : public error {
public:
    using error::error;
};

namespace detail {
#ifndef TENON_THROW
#ifdef __cpp_exceptions
#define TENON_THROW(type, message) throw type(message)
#else
[[noreturn]] inline void stop(const std::string& message) noexcept {
    std::fputs(message.c_str(), stderr);
    std::fputc('\n', stderr);
    std::abort();
}
#define TENON_THROW(type, message) ::tenon::detail::stop(message)
#endif
#endif

/// Raises the error whose message is the parts together: fail<data_error>({"row ", 7, " is empty"}).
template <class Error>
[[noreturn, gnu::cold, gnu::noinline]] void fail(std::initializer_list<text_part> parts) {
    TENON_THROW(Error, concat(parts));
}
} // namespace detail

} // namespace tenon
