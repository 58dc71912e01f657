// A file of numbers into memory, by one thread and by two, and what standardize learns of a table.

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <tenon/data/csv_parallel.hpp>
#include <tenon/tenon.hpp>
#include <thread>
#include <vector>

#include "limits/column_moments.hpp"
#include "peaks/bandwidth.hpp"
#include "rows/workloads.hpp"
#include "support/aligned_array.hpp"
#include "support/numbers.hpp"
#include "support/row.hpp"

namespace tenon_benchmark {

namespace tn = tenon;

namespace {

/// A file that is removed at the end.
struct temporary_file {
    std::string path;
    explicit temporary_file(const std::string& name)
        : path((std::filesystem::temp_directory_path() / name).string()) {}
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;
    ~temporary_file() { std::filesystem::remove(path); }
};

/// Columns c0, c1, … in full precision: 15 to 17 digits.
void write_numbers(const std::string& path, std::span<const double> values, std::size_t width) {
    std::FILE* const out = std::fopen(path.c_str(), "w");
    for (std::size_t c = 0; c < width; ++c) std::fprintf(out, "c%zu%c", c, c + 1 == width ? '\n' : ',');
    for (std::size_t i = 0; i < values.size(); ++i)
        std::fprintf(out, "%.17g%c", values[i], i % width + 1 == width ? '\n' : ',');
    std::fclose(out);
}

} // namespace

void csv_row(const std::string& workload) {
    constexpr std::size_t rows = 1000000, width = 10;
    const temporary_file file("tenon_benchmark.csv"), front("tenon_benchmark_front.csv"),
        back("tenon_benchmark_back.csv");
    std::vector<double> expected;
    numbers from(7);
    for (std::size_t i = 0; i < rows * width; ++i) expected.push_back(from.noise());
    write_numbers(file.path, expected, width);
    const std::span<const double> numbers_of_all(expected);
    write_numbers(front.path, numbers_of_all.first(rows / 2 * width), width);
    write_numbers(back.path, numbers_of_all.subspan(rows / 2 * width), width);

    // Both make the memory that the numbers end in.
    std::vector<double> loop_answers, answers;
    const auto loop = [&] {
        const tn::mapped_text mapped(file.path);
        const char* at = mapped.text().data();
        const char* const end = at + mapped.text().size();
        while (*at++ != '\n') {
        }
        std::vector<double> values(rows * width);
        for (std::size_t i = 0; at < end; ++i) at = std::from_chars(at, end, values[i]).ptr + 1;
        escape(values.data());
        if (loop_answers.empty()) loop_answers = values;
    };
    const auto read = [&] {
        const auto data = tn::read_csv<tn::columns<width, tn::none>>(file.path);
        escape(data.x().data());
        if (answers.empty()) answers.assign(data.x().data(), data.x().data() + rows * width);
    };
    read(), loop();
    measure({workload,
             "ms",
             {{"tenon", read, 1.0, r_squared(expected, answers)},
              {"from_chars loop", loop, 1.0, r_squared(expected, loop_answers)}}});

    std::vector<double> shared_answers;
    const auto read_by_two = [&] {
        const auto data = tn::read_csv<tn::columns<width, tn::none>>(file.path, tn::threads{2});
        escape(data.x().data());
        if (shared_answers.empty()) shared_answers.assign(data.x().data(), data.x().data() + rows * width);
    };
    // What the machine's two processors give to this work where nothing is shared: a reader each for half of the file.
    const auto read_half = [](const std::string& path) {
        const auto data = tn::read_csv<tn::columns<width, tn::none>>(path);
        escape(data.x().data());
    };
    const auto read_halves = [&] {
        std::thread other(read_half, std::cref(back.path));
        read_half(front.path);
        other.join();
    };
    read_by_two();
    measure({workload + ", 2 threads",
             "ms",
             {{"tenon", read_by_two, 1.0, r_squared(expected, shared_answers)},
              {"limit", read_halves},
              {"one thread", read, 1.0, r_squared(expected, answers)}},
             {.repetitions = 15, .wall = true}});
}

void standardize_fit_row(const std::string& workload) {
    constexpr std::size_t rows = 100000, width = 20;
    aligned_array<double> x(rows * width);
    numbers from(7);
    for (std::size_t i = 0; i < x.size(); ++i)
        x[i] = static_cast<double>(i % width) + static_cast<double>(from.next(1.7F));
    // On cache lines: a sum that lies across two is not there yet when the next row wants it, and the loop takes twice as
    // long, or three times, by where the memory happens to be.
    aligned_array<double> mean(width), deviation(width);
    const auto limit = [&] {
        limits::column_moments(x.data(), rows, width, mean.data(), deviation.data());
        clobber();
    };
    escape(x.data()), escape(mean.data()), escape(deviation.data());
    limit();
    std::vector<double> expected(mean.begin(), mean.end()), learned;
    for (const double d : deviation) expected.push_back(1 / d);

    using spec = tn::standardize_spec;
    const std::type_identity<tn::fitted_standardize<width, double>> type;
    const auto learn = [&] {
        return spec{}.fit(type, tn::matrix_view<const double>(x.data(), rows, width),
                          tn::vector_view<const double>());
    };
    const auto fitted = learn();
    learned.assign(fitted.mean.begin(), fitted.mean.end());
    learned.insert(learned.end(), fitted.inverse_scale.begin(), fitted.inverse_scale.end());
    const auto fit = [&] {
        auto f = learn();
        escape(&f);
    };
    peaks::read_stream reader(x.size() * sizeof(double));
    const auto peak = [&] { reader(); };
    measure(
        {workload,
         "ms",
         {{"tenon", fit, 1.0, r_squared(expected, learned)}, {"limit", limit, 1.0, 1.0}, {"peak", peak}}});
}

} // namespace tenon_benchmark
