// Readers and files that are damaged: 12 500 mutations of files that are whole, and 10 000 of Arrow tables, from fixed
// seeds. Each is read, or refused with a data_error that names the file; nothing else may happen.

#include "support/arrow_table.hpp"
#include "support/catch.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/random.hpp>
#include <tenon/data/arrow.hpp>
#include <tenon/data/csv.hpp>
#include <tenon/data/idx.hpp>
#include <tenon/data/npy.hpp>
#include <tenon/data/npz.hpp>
#include <tenon/deploy/dataset_file.hpp>
#include <vector>

namespace tn = tenon;

namespace {

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">,
                          tn::categorical<"town">, tn::target<"price">> {};

std::string text_of(const std::vector<std::byte>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<std::byte> bytes_of(const std::string& text) {
    const auto all = std::as_bytes(std::span(text));
    return {all.begin(), all.end()};
}

std::string csv_file() {
    std::string text = "town,area,kind,price\r\n";
    for (int i = 0; i < 10; ++i)
        text += (i % 3 == 0 ? "\"Old, \"\"Town\"\"\"," : "Ely,") + std::to_string(40 + i) + ".25e0," +
                (i % 2 == 0 ? "flat," : "house,") + std::to_string(1000 * i) + "\r\n";
    return text;
}

std::string npy_file() {
    tn::matrix<float> x(6, 5);
    for (std::size_t i = 0; i < 30; ++i) x.data()[i] = static_cast<float>(i) / 3;
    return text_of(tn::npy_bytes(x.view()));
}

std::string little(std::uint64_t value, int size) {
    std::string text;
    for (int i = 0; i < size; ++i, value >>= 8) text += static_cast<char>(value & 255);
    return text;
}

/// Two arrays, as numpy.savez stores them.
std::string npz_file() {
    std::string heads, entries;
    tn::matrix<std::int16_t> x(2, 3);
    for (const char* name : {"x.npy", "y.npy"}) {
        const std::vector<std::byte> member = tn::npy_bytes(x.view());
        const std::string size = little(member.size(), 4), crc = little(tn::crc32(member), 4);
        entries += "PK\x01\x02" + little(0x2D032D, 4) + little(0, 8) + crc + size + size + little(5, 2) +
                   little(0, 12) + little(heads.size(), 4) + name;
        heads += "PK\x03\x04" + little(45, 2) + little(0, 8) + crc + little(UINT64_MAX, 8) + little(5, 2) +
                 little(20, 2) + name + little(0x100001, 4) + little(member.size(), 8) +
                 little(member.size(), 8) + text_of(member);
        x(1, 2) = 7;
    }
    return heads + entries + "PK\x05\x06" + little(0, 4) + little(0x20002, 4) + little(entries.size(), 4) +
           little(heads.size(), 4) + little(0, 2);
}

std::string idx_file() {
    std::string text("\0\0\x0B\3\0\0\0\5\0\0\0\4\0\0\0\6", 16);
    for (int i = 0; i < 240; ++i) text += static_cast<char>(i);
    return text;
}

/// The file with one to four changes: a bit flipped, a byte overwritten, the end cut off, bytes inserted, a piece of
/// itself copied elsewhere or taken out.
std::string damaged(std::string file, tn::philox& random) {
    const auto place = [&] { return static_cast<std::size_t>(random.below(file.size() + 1)); };
    const auto byte = [&] {
        constexpr std::string_view likely("\0\1\x7f\x80\xff 09\n\"',-(){}:e", 19);
        const bool is_any = random.below(2) == 0;
        return is_any ? static_cast<char>(random.below(256)) : likely[random.below(likely.size())];
    };
    for (std::uint64_t changes = 1 + random.below(4); changes > 0; --changes) {
        const std::size_t at = place(), from = place(), size = static_cast<std::size_t>(random.below(9));
        const std::size_t inside = file.empty() ? 0 : at % file.size();
        switch (random.below(6)) {
        case 0:
            if (!file.empty()) file[inside] = static_cast<char>(file[inside] ^ (1 << random.below(8)));
            break;
        case 1:
            if (!file.empty()) file[inside] = byte();
            break;
        case 2:
            file.resize(at);
            break;
        case 3:
            file.insert(at, std::string(size, byte()));
            break;
        case 4:
            file.insert(at, file.substr(from, 8 * size));
            break;
        default:
            file.erase(at, size);
        }
    }
    return file;
}

/// How many of 2500 mutations are read; the others must have been refused.
template <class Read>
int count_read(const std::string& file, std::uint64_t seed, Read read) {
    int count = 0;
    for (std::uint64_t i = 0; i < 2500; ++i) {
        tn::philox random(seed, i);
        const std::string mutant = damaged(file, random);
        try {
            read(mutant);
            ++count;
        } catch (const tn::data_error& e) {
            const std::string_view message = e.what();
            if (message.substr(0, 4) != "f.in" || message.size() > 500 || message.find('\n') != message.npos)
                FAIL("mutation " << i << ": " << message);
        }
    }
    return count;
}

/// Whether some mutations do no harm, so that the reader is not simply afraid of everything, but most do.
bool is_plausible(int count) {
    return count > 10 && count < 2000;
}

} // namespace

TEST_CASE("a damaged CSV file is read or refused", "[damaged]") {
    REQUIRE(tn::parse_csv<house>(csv_file(), {}, "f.in").size() == 10);
    CHECK(is_plausible(count_read(csv_file(), 1, [](const std::string& file) {
        const auto data = tn::parse_csv<house>(file, {}, "f.in");
        if (data.size() == 0 || data.x().columns() != 3) FAIL("data without rows");
    })));
}

TEST_CASE("a damaged npy file is read or refused", "[damaged]") {
    REQUIRE(tn::parse_npy(bytes_of(npy_file()), "f.in").rows() == 6);
    CHECK(is_plausible(count_read(npy_file(), 2, [](const std::string& file) {
        const auto x = tn::parse_npy<double>(bytes_of(file), "f.in");
        if (x.rows() * x.columns() > file.size()) FAIL("more values than the file has");
    })));
}

TEST_CASE("a damaged npz file is read or refused", "[damaged]") {
    const std::string good = npz_file();
    REQUIRE(tn::npz_file(bytes_of(good), "f.in").read<int>("y")(1, 2) == 7);
    int read = 0;
    count_read(good, 3, [&](const std::string& file) {
        const tn::npz_file all(bytes_of(file), "f.in");
        for (const std::string& name : all.names()) {
            const auto x = all.read<double>(name);
            // The CRC-32 lets no change of the values through.
            if (x.rows() != 2 || x.columns() != 3) FAIL("an array of another size");
            ++read;
        }
    });
    CHECK(is_plausible(read));
}

TEST_CASE("a damaged IDX file is read or refused", "[damaged]") {
    REQUIRE(tn::parse_idx<int>(bytes_of(idx_file()), "f.in").values.columns() == 24);
    CHECK(is_plausible(count_read(idx_file(), 4, [](const std::string& file) {
        const auto data = tn::parse_idx<float>(bytes_of(file), "f.in");
        if (data.values.rows() * data.values.columns() > file.size()) FAIL("more values than the file has");
    })));
}

TEST_CASE("a damaged dataset file is refused, and one that was sealed again read or refused", "[damaged]") {
    tn::schema_info info = house::info();
    info.columns[2].levels = {"Ely", "York"};
    const tn::dataset<house> data(tn::matrix<double>(4, 3), {1, 2, 3, 4}, info);
    const std::string good = text_of(tn::save_dataset_bytes(data));
    const auto is_read = [](const std::string& file) {
        try {
            return tn::load_dataset_bytes<house>(bytes_of(file), "f.in").size() == 4;
        } catch (const tn::artifact_error& e) {
            if (!std::string_view(e.what()).starts_with("f.in")) FAIL(e.what());
            return false;
        }
    };
    REQUIRE(is_read(good));
    int read = 0, read_sealed = 0;
    for (std::uint64_t i = 0; i < 2500; ++i) {
        tn::philox random(6, i);
        std::string file = damaged(good, random);
        read += file != good && is_read(file) ? 1 : 0;
        if (file.size() <= tn::detail::seal_end) continue;
        file.replace(tn::detail::seal_begin, 64, tn::detail::seal_of(std::as_bytes(std::span(file))));
        read_sealed += is_read(file) ? 1 : 0;
    }
    CHECK(read == 0);
    CHECK(read_sealed > 10);
    CHECK(read_sealed < 1000);
}

TEST_CASE("a spoilt Arrow table is read or refused, and released once", "[damaged]") {
    int read = 0;
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        tn::philox random(5, i);
        tenon_test::hand_made_table table = tenon_test::table_to_spoil(i % 3);
        table.link(tenon_test::room_to_spoil);
        for (std::uint64_t changes = 1 + random.below(4); changes > 0; --changes)
            tenon_test::spoil(table,
                              [&](std::size_t n) { return static_cast<std::size_t>(random.below(n)); });
        const int schemas = table.schema.release != nullptr ? 1 : 0;
        const int arrays = table.array.release != nullptr ? 1 : 0;
        try {
            const auto data =
                tn::from_arrow<house>(&table.schema, &table.array, {.like = {}, .source = "f.in"});
            ++read;
            if (data.size() > 20) FAIL("mutation " << i << ": " << data.size() << " rows");
            for (std::size_t r = 0; r < data.size(); ++r)
                for (std::size_t c = 1; c < 3; ++c)
                    if (data.x()(r, c) >= static_cast<double>(data.info().columns[c].levels.size()))
                        FAIL("mutation " << i << ": a level that is not there");
        } catch (const tn::data_error& e) {
            const std::string_view message = e.what();
            if (message.substr(0, 4) != "f.in" || message.size() > 500 || message.find('\n') != message.npos)
                FAIL("mutation " << i << ": " << message);
        }
        if (table.released_schemas != schemas || table.released_arrays != arrays)
            FAIL("mutation " << i << ": released " << table.released_schemas << " and "
                             << table.released_arrays << " times");
    }
    CHECK(read > 1000);
    CHECK(read < 7000);
}
