#include "support/catch.hpp"

#include <cstdio>
#include <limits>
#include <string>
#include <tenon/train/progress.hpp>
#include <unistd.h>

namespace tn = tenon;
using tenon_test::ContainsSubstring;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// What is written to stderr while it lives.
class caught_stderr {
public:
    caught_stderr() : file_(std::tmpfile()), saved_(dup(STDERR_FILENO)) {
        REQUIRE(file_ != nullptr);
        std::fflush(stderr);
        dup2(fileno(file_), STDERR_FILENO);
    }
    caught_stderr(const caught_stderr&) = delete;
    caught_stderr& operator=(const caught_stderr&) = delete;
    ~caught_stderr() {
        release();
        std::fclose(file_);
    }
    std::string text() {
        release();
        std::string all;
        std::rewind(file_);
        for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) all += static_cast<char>(c);
        return all;
    }

private:
    void release() {
        if (saved_ < 0) return;
        std::fflush(stderr);
        dup2(saved_, STDERR_FILENO);
        close(saved_);
        saved_ = -1;
    }
    std::FILE* file_;
    int saved_;
};

/// What a line writes that is told of `epochs` epochs of four within a moment.
std::string written(tn::progress mode, int epochs, double validation) {
    caught_stderr caught;
    {
        tn::progress_line line(mode, 4);
        for (int epoch = 1; epoch <= epochs; ++epoch) line.update(epoch, 0.5 / epoch, validation);
    }
    return caught.text();
}

} // namespace

TEST_CASE("progress that is off writes nothing", "[train]") {
    CHECK(written(tn::progress::off, 4, 1).empty());
}

TEST_CASE("automatic progress writes nothing where there is no terminal", "[train]") {
    CHECK(written(tn::progress::automatic, 4, 1).empty());
}

TEST_CASE("progress that is on ends with a line of the last epoch, however fast training was", "[train]") {
    const std::string text = written(tn::progress::on, 4, 0.25);
    CHECK_THAT(text, ContainsSubstring("epoch    4/4 ["));
    CHECK_THAT(text, ContainsSubstring("#] loss 0.125"));
    CHECK_THAT(text, ContainsSubstring("valid 0.25"));
    CHECK(text.find('.') > text.find(']')); // the bar is full
    CHECK(text.find('\n') == text.size() - 1);
}

TEST_CASE("a line that stops early says where", "[train]") {
    const std::string text = written(tn::progress::on, 2, 0.25);
    CHECK_THAT(text, ContainsSubstring("epoch    2/4 [##"));
    CHECK_THAT(text, ContainsSubstring("..] loss 0.25"));
}

TEST_CASE("progress without a validation part shows none", "[train]") {
    CHECK_THAT(written(tn::progress::on, 4, missing), !ContainsSubstring("valid"));
}

TEST_CASE("a line of progress fits a terminal of 80 columns", "[train]") {
    caught_stderr caught;
    {
        tn::progress_line line(tn::progress::on, 1000);
        line.update(1000, 1.2345e-12, 9.8765e+12);
    }
    const std::string text = caught.text();
    CHECK(text.size() > 60);
    CHECK(text.size() <= 82); // with \r and \n
}

TEST_CASE("a metric stands in the line, whose bar makes room for it", "[train]") {
    caught_stderr caught;
    {
        tn::progress_line line(tn::progress::on, 1000, 400);
        line.update(1000, 1.2345e-12, 9.8765e+12, "accuracy of roses", 1.2345e-5);
    }
    const std::string text = caught.text();
    CHECK_THAT(text, ContainsSubstring("accuracy 1.23e-05"));
    CHECK(text.size() > 60);
    CHECK(text.size() <= 82);
}
