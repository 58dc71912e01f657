#include "support/catch.hpp"

#include <cstdio>
#include <filesystem>
#include <string>
#include <tenon/data/svmlight.hpp>
#include <unistd.h>
#include <vector>

namespace tn = tenon;

namespace {

std::string refused(const std::string& text, const tn::svmlight_options& options = {}) {
    try {
        tn::parse_svmlight(text, options, "f.txt");
    } catch (const tn::data_error& e) {
        return e.what();
    }
    return {};
}

std::vector<double> values(const tn::matrix<double>& x) {
    return {x.data(), x.data() + x.rows() * x.columns()};
}

} // namespace

TEST_CASE("svmlight lines become rows, with zeros where they say nothing", "[svmlight]") {
    const std::string text = "# a comment\n+1 1:0.5 3:-2e1 # of a row\r\n\n -1\t2:.25 \n0.5";
    const auto data = tn::parse_svmlight(text);
    CHECK(data.x.rows() == 3);
    CHECK(data.x.columns() == 3);
    CHECK(data.y == std::vector<double>{1, -1, 0.5});
    CHECK(values(data.x) == std::vector<double>{0.5, 0, -20, 0, 0.25, 0, 0, 0, 0});
    CHECK(tn::parse_svmlight(text, {.columns = 5}).x.columns() == 5);
    CHECK(tn::parse_svmlight<float>(text).x(1, 1) == 0.25F);

    const auto path = std::filesystem::temp_directory_path() / ("tenon_svm_" + std::to_string(::getpid()));
    tn::write_file(path.string(), text);
    const auto [x, y] = tn::read_svmlight(path.string());
    CHECK(y == data.y);
    CHECK(values(x) == values(data.x));
    std::remove(path.string().c_str());
    CHECK_THROWS_AS(tn::read_svmlight(path.string()), tn::data_error);
}

TEST_CASE("svmlight text that is wrong is refused with its line", "[svmlight]") {
    CHECK(refused("1 1:1\n1 0:2") == "f.txt, line 2: expected an index, a whole number from 1 on, found '0'");
    CHECK(refused("1 x:2") == "f.txt, line 1: expected an index, a whole number from 1 on, found 'x'");
    CHECK(refused("1 :2") == "f.txt, line 1: expected an index, a whole number from 1 on, found ''");
    CHECK(refused("1 99999999999999999999:2") ==
          "f.txt, line 1: expected an index, a whole number from 1 on, found '99999999999999999999'");
    CHECK(refused("1 2:1 2:2") == "f.txt, line 1: the index 2 stands behind 2, expected them to ascend");
    CHECK(refused("\n\n1 1:x") == "f.txt, line 3: expected a value, a finite number, found 'x'");
    CHECK(refused("1 1:") == "f.txt, line 1: expected a value, a finite number, found ''");
    CHECK(refused("1 1:nan") == "f.txt, line 1: expected a value, a finite number, found 'nan'");
    CHECK(refused("1 1") == "f.txt, line 1: expected index:value, found '1'");
    CHECK(refused("1:1") == "f.txt, line 1: expected a target, a finite number, found '1:1'");
    CHECK(refused("1 qid:3 1:1") == "f.txt, line 1: query ids (qid:) cannot be read");
    CHECK(refused("1 3:1", {.columns = 2}) == "f.txt, line 1: the index 3 is above the number of columns, 2");
}

TEST_CASE("svmlight text without a size, or with too large a one, is refused", "[svmlight]") {
    CHECK(refused("") == "f.txt has no rows");
    CHECK(refused("# nothing\n\n") == "f.txt has no rows");
    CHECK(refused("1\n2\n") == "f.txt has no values, so that the number of columns is not known");
    CHECK(refused("1\n2\n", {.columns = 2}).empty());
    CHECK(refused("1 4000000000:1") ==
          "f.txt: a matrix of 1 rows and 4000000000 columns has more than 1048576 values; "
          "svmlight_options::most_values allows for more");
    CHECK(refused("1 100:1\n2", {.most_values = 199}).ends_with("allows for more"));
    CHECK(refused("1 100:1\n2", {.most_values = 200}).empty());
}
