// Generated headers, compiled as for a chip without a library and called through a shared object.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <tenon/format/file.hpp>
#include <unistd.h>

namespace tenon_test {

/// A folder of its own, removed at the end. No two in a program have one name: an object that was opened from it may stay
/// loaded under its path.
struct temporary_folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() /
                                 ("tenon_" + std::to_string(::getpid()) + "_" + std::to_string(next()));
    temporary_folder() { std::filesystem::create_directories(path); }
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;
    ~temporary_folder() { std::filesystem::remove_all(path); }
    std::string operator/(const std::string& name) const { return (path / name).string(); }

private:
    static int next() {
        static int count = 0;
        return count++;
    }
};

inline std::string output_of(const std::string& command) {
    std::string text;
    std::FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
    const int status = ::pclose(pipe);
    return status == 0 ? text : "exit status " + std::to_string(status) + "\n" + text;
}

/// Generated headers in one shared object without any library, built by the compiler in CXX (or c++).
class freestanding_library {
public:
    freestanding_library(const temporary_folder& folder, const std::string& driver,
                         const std::string& flags) {
        const char* const compiler = std::getenv("CXX");
        const std::string source = folder / "driver.cpp", object = folder / ("driver" + flags + ".so");
        tenon::write_file(source, std::string_view(driver));
        output_ = output_of(
            std::string(compiler != nullptr && *compiler != 0 ? compiler : "c++") + " " + flags +
            " -std=c++17 -ffreestanding -fno-exceptions -fno-rtti -Wall -Wextra -Wpedantic -Wconversion"
            " -Wshadow -Werror -fno-stack-protector -fPIC -shared -nostdlib '" +
            source + "' -o '" + object + "'");
        needs_ = output_of("nm -D --undefined-only '" + object + "'");
        handle_ = ::dlopen(object.c_str(), RTLD_NOW | RTLD_LOCAL);
    }
    freestanding_library(const freestanding_library&) = delete;
    freestanding_library& operator=(const freestanding_library&) = delete;
    ~freestanding_library() {
        if (handle_ != nullptr) ::dlclose(handle_);
    }

    const std::string& output() const { return output_; }
    bool is_open() const { return handle_ != nullptr; }
    /// The symbols that the object takes from elsewhere.
    std::set<std::string> needs() const {
        std::set<std::string> names;
        std::size_t at = 0;
        while ((at = needs_.find("U ", at)) != needs_.npos) {
            const std::size_t end = needs_.find_first_of("@\n", at += 2);
            names.insert(needs_.substr(at, end - at));
        }
        return names;
    }
    template <class Function>
    Function* find(const std::string& name) const {
        return reinterpret_cast<Function*>(::dlsym(handle_, name.c_str()));
    }

private:
    std::string output_, needs_;
    void* handle_ = nullptr;
};

} // namespace tenon_test
