// Dataset files that somebody has changed and sealed again. Loading refuses them or gives a dataset whose categories and
// classes are among its levels, and which saves to a file that loads again.

#include "support/edited_file.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string_view>
#include <tenon/deploy/dataset_file.hpp>
#include <vector>

namespace {

namespace tn = tenon;
using bytes = std::vector<std::byte>;

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">,
                          tn::categorical<"town">, tn::target<"price">> {};
using open_columns = tn::columns<tn::dynamic, tn::classes<tn::dynamic>, float>;

void require(bool holds) {
    if (!holds) std::abort();
}

template <class S>
void attack(const bytes& file, tenon_test::edits e) {
    const bytes changed = tenon_test::edited(file, e);
    if (changed.empty()) return; // not even safetensors
    std::optional<tn::dataset<S>> data;
    try {
        data = tn::load_dataset_bytes<S>(changed, "fuzz");
    } catch (const tn::artifact_error& error) {
        require(std::string_view(error.what()).starts_with("fuzz"));
        return;
    }
    const tn::schema_info& info = data->info();
    for (std::size_t c = 0; c < info.columns.size(); ++c)
        for (std::size_t r = 0; r < data->size(); ++r)
            require(!info.columns[c].categorical || !(static_cast<double>(data->x()(r, c)) >=
                                                      static_cast<double>(info.columns[c].levels.size())));
    for (std::size_t r = 0; r < data->y().size(); ++r)
        require(!info.target.categorical ||
                data->y()[r] < static_cast<tn::target_value<typename S::kind>>(info.target.levels.size()));
    const bytes again = tn::save_dataset_bytes(*data);
    require(tn::save_dataset_bytes(tn::load_dataset_bytes<S>(again)) == again);
}

/// The files that are changed.
struct targets {
    targets() {
        tn::schema_info info = house::info();
        info.columns[2].levels = {"Ely", "York"};
        tn::matrix<double> x(6, 3);
        tn::matrix<float> z(5, 2);
        for (std::size_t r = 0; r < 6; ++r)
            x(r, 0) = 0.5 * static_cast<double>(r), x(r, 1) = static_cast<double>(r % 2);
        files[0] = tn::save_dataset_bytes(tn::dataset<house>(std::move(x), {1, 2, 3, 4, 5, 6}, info));
        const std::vector<double> weights{1, 0, 2, 0.5, 1};
        const tn::dataset<open_columns> open(std::move(z), {0, 1, 2, 0, 1});
        files[1] = tn::save_dataset_bytes(open.with_weights(weights));
    }
    std::array<bytes, 2> files;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const targets all;
    if (size == 0) return 0;
    const tenon_test::edits e(std::span(data, size).subspan(1));
    data[0] % 2 == 0 ? attack<house>(all.files[0], e) : attack<open_columns>(all.files[1], e);
    return 0;
}
