// Turns the measurements of all benchmark programs into one table: report <rows.tsv> <report.md> <report.json>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

struct figure {
    std::string program;
    double value = 0;
    std::optional<double> quality;
};

struct workload {
    std::string name;
    std::string unit;
    std::string flags;
    std::vector<figure> figures;

    const figure* find(const std::string& program) const {
        const auto it = std::ranges::find(figures, program, &figure::program);
        return it == figures.end() ? nullptr : &*it;
    }
    std::optional<double> value(const std::string& program) const {
        const figure* found = find(program);
        return found ? std::optional(found->value) : std::nullopt;
    }
    /// The quality that the first program with one has reached.
    std::optional<double> quality() const {
        const auto it = std::ranges::find_if(figures, [](const figure& f) { return f.quality.has_value(); });
        return it == figures.end() ? std::nullopt : it->quality;
    }
    std::optional<double> tenon_over_limit() const {
        const auto tenon = value("tenon");
        const auto limit = value("limit");
        return tenon && limit ? std::optional(*tenon / *limit) : std::nullopt;
    }
    std::vector<figure> peers() const {
        std::vector<figure> others;
        for (const figure& f : figures)
            if (f.program != "tenon" && f.program != "limit" && f.program != "peak") others.push_back(f);
        return others;
    }
    /// Times may be compared only where all programs have reached the same, but for what another shuffle changes.
    bool same_quality() const {
        return std::ranges::all_of(figures, [&](const figure& f) {
            return !f.quality || std::abs(*f.quality - *quality()) <= 0.02 * std::abs(*quality());
        });
    }
};

std::string number(std::optional<double> value, const char* absent) {
    if (!value || !std::isfinite(*value)) return absent;
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", *value);
    return text;
}

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + '"';
}

/// A program measured more than once counts as it was measured first: in turn with its rivals.
void add(workload& to, const figure& f) {
    if (!to.find(f.program)) to.figures.push_back(f);
}

/// Lines without flags are of peers, which others have compiled: they join the workload whatever our flags.
std::vector<workload> read(std::istream& rows) {
    std::vector<workload> workloads;
    std::vector<std::pair<workload, figure>> of_peers;
    for (std::string line; std::getline(rows, line);) {
        std::vector<std::string> cells;
        std::istringstream stream(line);
        for (std::string cell; std::getline(stream, cell, '\t');) cells.push_back(cell);
        if (cells.size() != 6) continue;
        figure f{cells[1], std::stod(cells[5]), std::nullopt};
        if (!cells[4].empty()) f.quality = std::stod(cells[4]);
        if (cells[3].empty()) {
            of_peers.push_back({{cells[0], cells[2], "", {}}, f});
            continue;
        }
        const auto same = [&](const workload& w) {
            return w.name == cells[0] && w.unit == cells[2] && w.flags == cells[3];
        };
        auto it = std::ranges::find_if(workloads, same);
        if (it == workloads.end()) it = workloads.insert(it, {cells[0], cells[2], cells[3], {}});
        add(*it, f);
    }
    for (const auto& [where, f] : of_peers)
        for (workload& w : workloads)
            if (w.name == where.name && w.unit == where.unit) add(w, f);
    return workloads;
}

std::string processor() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);)
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    return "unknown processor";
}

void write_markdown(std::ostream& out, const std::vector<workload>& workloads) {
    out << "# Benchmarks\n\nMedians on " << processor()
        << ". `limit` is the best program written by hand, `peak` what the machine "
        << "would allow.\n\n"
        << "| workload | unit | quality | tenon | limit | peak | tenon / limit | peers | flags |\n"
        << "|---|---|---:|---:|---:|---:|---:|---|---|\n";
    for (const workload& w : workloads) {
        std::string peers;
        for (const figure& peer : w.peers())
            peers += (peers.empty() ? "" : ", ") + peer.program + " " + number(peer.value, "");
        out << "| " << w.name << " | " << w.unit << " | " << number(w.quality(), "") << " | "
            << number(w.value("tenon"), "") << " | " << number(w.value("limit"), "") << " | "
            << number(w.value("peak"), "") << " | " << number(w.tenon_over_limit(), "") << " | " << peers
            << " | " << w.flags << " |\n";
    }
    for (const workload& w : workloads) {
        if (w.same_quality()) continue;
        out << "\nNot comparable, the programs of \"" << w.name << "\" differ in quality:";
        for (const figure& f : w.figures)
            if (f.quality) out << ' ' << f.program << ' ' << number(f.quality, "");
        out << '\n';
    }
}

void write_json(std::ostream& out, const std::vector<workload>& workloads) {
    out << "{\"processor\": " << quoted(processor()) << ", \"rows\": [";
    const char* separator = "\n";
    for (const workload& w : workloads) {
        out << separator << "  {\"workload\": " << quoted(w.name) << ", \"unit\": " << quoted(w.unit)
            << ", \"flags\": " << quoted(w.flags) << ", \"quality\": " << number(w.quality(), "null")
            << ", \"tenon\": " << number(w.value("tenon"), "null")
            << ", \"limit\": " << number(w.value("limit"), "null")
            << ", \"peak\": " << number(w.value("peak"), "null") << ", \"peers\": {";
        const char* comma = "";
        for (const figure& peer : w.peers()) {
            out << comma << quoted(peer.program) << ": " << number(peer.value, "null");
            comma = ", ";
        }
        out << "}, \"tenon_over_limit\": " << number(w.tenon_over_limit(), "null") << "}";
        separator = ",\n";
    }
    out << "\n]}\n";
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "usage: report <rows.tsv> <report.md> <report.json>\n";
        return 1;
    }
    std::ifstream rows(argv[1]);
    const std::vector<workload> workloads = read(rows);
    if (workloads.empty()) {
        std::cerr << argv[1] << " holds no measurements\n";
        return 1;
    }
    std::ofstream markdown(argv[2]);
    write_markdown(markdown, workloads);
    std::ofstream json(argv[3]);
    write_json(json, workloads);
    markdown.flush();
    json.flush();
    if (!markdown || !json) {
        std::cerr << "cannot write " << argv[2] << " and " << argv[3] << '\n';
        return 1;
    }
    write_markdown(std::cout, workloads);
}
