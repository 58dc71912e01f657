// Measures what it costs to compile a unit: compile_time <compiler's name> <compiler> <include dir> <Eigen dirs> <unit>...
//
// The first line of a unit is `// compile: <workload> | <program> | <flags>`; the medians of five interleaved runs are
// reported, as the workloads "<workload>, time" in seconds of the processor and "<workload>, memory" (the largest
// resident set) in MiB.
#include "rows.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <sstream>
#include <vector>

namespace {

constexpr std::size_t runs = 5;

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

/// The processor's time and the memory that a command takes.
cost run(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);

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
    const auto seconds = [](timeval t) {
        return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return {seconds(usage.ru_utime) + seconds(usage.ru_stime), static_cast<double>(usage.ru_maxrss) / 1024};
}

struct unit {
    std::string workload, program, flags;
    std::vector<std::string> command;
    std::array<double, runs> seconds{}, mebibytes{};
};

unit unit_of(const std::string& path, std::vector<std::string> command) {
    std::string first_line;
    std::getline(std::ifstream(path), first_line);
    const std::string mark = "// compile:";
    const auto parts = first_line.starts_with(mark) ? split(first_line.substr(mark.size()), '|')
                                                    : std::vector<std::string>();
    if (parts.size() != 3)
        fail(path + ": the first line must be '// compile: <workload> | <program> | <flags>'");
    for (const std::string& flag : split(parts[2], ' ')) command.push_back(flag);
    command.insert(command.end(), {"-c", "-o", "/dev/null", path});
    return {parts[0], parts[1], parts[2], command};
}

void report(unit& measured, const std::string& compiler_name) {
    std::sort(measured.seconds.begin(), measured.seconds.end());
    std::sort(measured.mebibytes.begin(), measured.mebibytes.end());
    const double seconds = measured.seconds[runs / 2], mebibytes = measured.mebibytes[runs / 2];
    std::printf("%-40s %-12s %6.2f s %6.0f MiB\n", measured.workload.c_str(), measured.program.c_str(),
                seconds, mebibytes);
    const std::string flags = compiler_name + " " + measured.flags;
    tenon_benchmark::append(
        {measured.workload + ", time", measured.program, "s", flags, std::nan(""), seconds});
    tenon_benchmark::append(
        {measured.workload + ", memory", measured.program, "MiB", flags, std::nan(""), mebibytes});
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 6)
        fail("usage: compile_time <compiler's name> <compiler> <include dir> <Eigen dirs> <unit>...");
    std::vector<std::string> command{argv[2], "-std=c++20", "-I", argv[3]};
    for (const std::string& dir : split(argv[4], ':')) command.insert(command.end(), {"-isystem", dir});

    std::vector<unit> units;
    for (int i = 5; i < argc; ++i) units.push_back(unit_of(argv[i], command));
    // In rounds, so that a slow minute of the machine meets all units alike.
    for (std::size_t r = 0; r < runs; ++r)
        for (unit& u : units) {
            const cost measured = run(u.command);
            u.seconds[r] = measured.seconds;
            u.mebibytes[r] = measured.mebibytes;
        }
    for (unit& u : units) report(u, argv[1]);
}
