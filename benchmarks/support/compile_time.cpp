// Measures what it costs to compile a unit: compile_time <compiler's name> <compiler> <include dir> <Eigen dirs> <unit>...
//
// The first line of a unit is `// compile: <workload> | <program> | <flags>`; the median of three runs is reported, as
// the workloads "<workload>, time" in seconds and "<workload>, memory" (the largest resident set) in MiB.
#include "rows.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iostream>
#include <sstream>
#include <vector>

namespace {

struct cost {
    double seconds = 0;
    double mebibytes = 0;
};

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);) {
        const std::size_t first = part.find_first_not_of(' ');
        if (first == std::string::npos) continue;
        parts.push_back(part.substr(first, part.find_last_not_of(' ') - first + 1));
    }
    return parts;
}

[[noreturn]] void fail(const std::string& message) {
    std::cerr << message << '\n';
    std::exit(1);
}

cost run(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);

    const auto begin = std::chrono::steady_clock::now();
    const pid_t child = fork();
    if (child == 0) {
        execvp(arguments[0], arguments.data());
        _exit(127);
    }
    int status = 0;
    rusage usage{};
    // The usage of a child counts its own children, which is where compiler drivers do the work.
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0)
        fail("cannot compile " + command.back());
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    return {elapsed.count(), static_cast<double>(usage.ru_maxrss) / 1024};
}

void measure(const std::string& compiler_name, std::vector<std::string> command, const std::string& unit) {
    std::string first_line;
    std::getline(std::ifstream(unit), first_line);
    const std::string mark = "// compile:";
    const auto parts = first_line.starts_with(mark) ? split(first_line.substr(mark.size()), '|')
                                                    : std::vector<std::string>();
    if (parts.size() != 3)
        fail(unit + ": the first line must be '// compile: <workload> | <program> | <flags>'");

    for (const std::string& flag : split(parts[2], ' ')) command.push_back(flag);
    command.insert(command.end(), {"-c", "-o", "/dev/null", unit});
    std::array<double, 3> seconds{};
    std::array<double, 3> mebibytes{};
    for (std::size_t i = 0; i < seconds.size(); ++i) {
        const cost measured = run(command);
        seconds[i] = measured.seconds;
        mebibytes[i] = measured.mebibytes;
    }
    std::sort(seconds.begin(), seconds.end());
    std::sort(mebibytes.begin(), mebibytes.end());

    const std::string flags = compiler_name + " " + parts[2];
    std::printf("%-40s %-12s %6.2f s %6.0f MiB\n", parts[0].c_str(), parts[1].c_str(), seconds[1],
                mebibytes[1]);
    tenon_benchmark::append({parts[0] + ", time", parts[1], "s", flags, std::nan(""), seconds[1]});
    tenon_benchmark::append({parts[0] + ", memory", parts[1], "MiB", flags, std::nan(""), mebibytes[1]});
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 6)
        fail("usage: compile_time <compiler's name> <compiler> <include dir> <Eigen dirs> <unit>...");
    std::vector<std::string> command{argv[2], "-std=c++20", "-I", argv[3]};
    for (const std::string& dir : split(argv[4], ':')) command.insert(command.end(), {"-isystem", dir});
    for (int i = 5; i < argc; ++i) measure(argv[1], command, argv[i]);
}
