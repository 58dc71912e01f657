// Rows that go out as an xtensor array and come back, all of them where they lie.

#include <tenon/interop/xtensor.hpp>

int main() {
    const double values[8] = {1, 2, 3, 4, 5, 6, 7, 8}, targets[4] = {1, 2, 3, 4};
    const auto x = tenon::as_xtensor(tenon::matrix_view<const double>(values, 4, 2));
    const auto data = tenon::view_as<tenon::columns<2>>(x, std::span<const double>(targets));
    return data.x().data() == values && data.size() == 4 ? 0 : 1;
}
