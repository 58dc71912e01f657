// compile: the one expression on penguins, -O2 | limit | -O2
// What one_expression.cpp says, written by hand on Eigen: read, split, impute, one-hot, standardize, expand, train,
// prune, quantize to int8, compare, save, load, and write a header.
#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <limits>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Eigen::Index;
using table = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using batch = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::array columns{"bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "sex"};
constexpr std::array sexes{"female", "male"};
constexpr std::array species{"Adelie", "Chinstrap", "Gentoo"};
constexpr int hidden = 32, classes = 3;

template <class Words>
int index_of(const Words& words, const std::string& word, const std::string& where) {
    const auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end()) throw std::runtime_error(where + ": unknown word " + word);
    return static_cast<int>(found - words.begin());
}

struct dataset {
    table x;
    std::vector<int> y;
};

dataset read_csv(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot open " + path);
    std::string line, field;
    std::getline(file, line);
    std::vector<std::string> names;
    for (std::stringstream s(line); std::getline(s, field, ',');) names.push_back(field);
    std::vector<std::array<double, 5>> rows;
    dataset data;
    for (int number = 2; std::getline(file, line); ++number) {
        const std::string where = path + ":" + std::to_string(number);
        std::vector<std::string> fields;
        for (std::stringstream s(line); std::getline(s, field, ',');) fields.push_back(field);
        if (fields.size() != names.size()) throw std::runtime_error(where + ": ragged row");
        std::array<double, 5> row{};
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const std::string& text = fields[static_cast<std::size_t>(index_of(names, columns[c], where))];
            if (text == "NA")
                row[c] = std::numeric_limits<double>::quiet_NaN();
            else if (c == 4)
                row[c] = index_of(sexes, text, where);
            else
                row[c] = std::stod(text);
        }
        rows.push_back(row);
        data.y.push_back(
            index_of(species, fields[static_cast<std::size_t>(index_of(names, "species", where))], where));
    }
    data.x.resize(static_cast<Index>(rows.size()), 5);
    for (std::size_t r = 0; r < rows.size(); ++r)
        for (std::size_t c = 0; c < 5; ++c) data.x(static_cast<Index>(r), static_cast<Index>(c)) = rows[r][c];
    return data;
}

dataset take(const dataset& from, const std::vector<std::size_t>& rows) {
    dataset part{table(static_cast<Index>(rows.size()), from.x.cols()), {}};
    for (std::size_t r = 0; r < rows.size(); ++r) {
        part.x.row(static_cast<Index>(r)) = from.x.row(static_cast<Index>(rows[r]));
        part.y.push_back(from.y[rows[r]]);
    }
    return part;
}

struct preparation {
    std::array<double, 5> fill{};
    Eigen::RowVectorXd mean, scale;

    table encode(const table& x) const {
        table z(x.rows(), 6);
        for (Index r = 0; r < x.rows(); ++r) {
            for (Index c = 0; c < 4; ++c)
                z(r, c) = std::isnan(x(r, c)) ? fill[static_cast<std::size_t>(c)] : x(r, c);
            const double sex = std::isnan(x(r, 4)) ? fill[4] : x(r, 4);
            z(r, 4) = sex == 0;
            z(r, 5) = sex == 1;
        }
        return z;
    }
    void fit(const table& x) {
        for (Index c = 0; c < 5; ++c) {
            std::vector<double> values;
            for (Index r = 0; r < x.rows(); ++r)
                if (!std::isnan(x(r, c))) values.push_back(x(r, c));
            std::sort(values.begin(), values.end());
            const std::size_t n = values.size();
            double& f = fill[static_cast<std::size_t>(c)];
            if (c == 4)
                f = 2 * std::count(values.begin(), values.end(), 1.0) > static_cast<std::ptrdiff_t>(n);
            else
                f = n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
        }
        const table z = encode(x);
        mean = z.colwise().mean();
        scale = ((z.rowwise() - mean).array().square().colwise().mean()).sqrt().matrix();
    }
    batch transform(const table& x) const {
        const table z = (encode(x).rowwise() - mean).array().rowwise() / scale.array();
        batch out(z.rows(), 27);
        for (Index r = 0; r < z.rows(); ++r) {
            Index k = 0;
            for (Index i = 0; i < 6; ++i) out(r, k++) = static_cast<float>(z(r, i));
            for (Index i = 0; i < 6; ++i)
                for (Index j = i; j < 6; ++j) out(r, k++) = static_cast<float>(z(r, i) * z(r, j));
        }
        return out;
    }
};

struct network {
    batch w1, w2;
    Eigen::RowVectorXf b1, b2;

    batch scores(const batch& x) const {
        const batch h = ((x * w1).rowwise() + b1).cwiseMax(0.0f);
        return (h * w2).rowwise() + b2;
    }
};

template <class M>
struct adam_state {
    M m, v;
    explicit adam_state(const M& like) : m(M::Zero(like.rows(), like.cols())), v(m) {}
    void step(M& w, const M& g, int t) {
        m = 0.9f * m + 0.1f * g;
        v = 0.999f * v + 0.001f * g.cwiseProduct(g);
        const float a = 1e-3f * std::sqrt(1 - std::pow(0.999f, float(t))) / (1 - std::pow(0.9f, float(t)));
        w.array() -= a * m.array() / (v.array().sqrt() + 1e-8f);
    }
};

network train(const batch& x, const std::vector<int>& y, unsigned seed) {
    std::mt19937 random(seed);
    auto fresh = [&](Index rows, Index cols) {
        std::uniform_real_distribution<float> u(-std::sqrt(6.0f / float(rows)),
                                                std::sqrt(6.0f / float(rows)));
        batch w(rows, cols);
        for (float& v : w.reshaped()) v = u(random);
        return w;
    };
    network n{fresh(x.cols(), hidden), fresh(hidden, classes), Eigen::RowVectorXf::Zero(hidden),
              Eigen::RowVectorXf::Zero(classes)};
    adam_state<batch> s1(n.w1), s2(n.w2);
    adam_state<Eigen::RowVectorXf> t1(n.b1), t2(n.b2);
    std::vector<Index> order(y.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Index>(i);
    int t = 0;
    for (int epoch = 0; epoch < 100; ++epoch) {
        std::shuffle(order.begin(), order.end(), random);
        for (std::size_t first = 0; first < order.size(); first += 32) {
            const std::vector<Index> rows(
                order.begin() + static_cast<std::ptrdiff_t>(first),
                order.begin() + static_cast<std::ptrdiff_t>(std::min(first + 32, order.size())));
            const batch bx = x(rows, Eigen::all);
            const batch h = ((bx * n.w1).rowwise() + n.b1).cwiseMax(0.0f);
            batch d = (h * n.w2).rowwise() + n.b2;
            for (Index r = 0; r < d.rows(); ++r) {
                d.row(r) = (d.row(r).array() - d.row(r).maxCoeff()).exp();
                d.row(r) /= d.row(r).sum();
                d(r, y[static_cast<std::size_t>(rows[static_cast<std::size_t>(r)])]) -= 1;
            }
            d /= float(d.rows());
            const batch back = (d * n.w2.transpose()).cwiseProduct((h.array() > 0).cast<float>().matrix());
            ++t;
            s2.step(n.w2, h.transpose() * d, t);
            t2.step(n.b2, d.colwise().sum(), t);
            s1.step(n.w1, bx.transpose() * back, t);
            t1.step(n.b1, back.colwise().sum(), t);
        }
    }
    return n;
}

void prune(network& n, double fraction) {
    std::vector<float> sizes;
    for (const batch* w : {&n.w1, &n.w2})
        for (float v : w->reshaped()) sizes.push_back(std::abs(v));
    const auto cut =
        sizes.begin() + static_cast<std::ptrdiff_t>(fraction * static_cast<double>(sizes.size()));
    std::nth_element(sizes.begin(), cut, sizes.end());
    for (batch* w : {&n.w1, &n.w2}) *w = (w->array().abs() < *cut).select(0.0f, *w);
}

struct int8_layer {
    std::vector<std::int8_t> w;
    std::vector<std::int32_t> b;
    std::vector<double> scale;
};

struct int8_network {
    int8_layer first, second;
    double x_scale = 1, h_scale = 1;

    static int8_layer quantized(const batch& w, const Eigen::RowVectorXf& b, double x_scale) {
        int8_layer q;
        for (Index o = 0; o < w.cols(); ++o) {
            const double s = std::max(1e-9, double(w.col(o).cwiseAbs().maxCoeff()) / 127);
            for (Index i = 0; i < w.rows(); ++i)
                q.w.push_back(static_cast<std::int8_t>(std::lrint(w(i, o) / s)));
            q.b.push_back(static_cast<std::int32_t>(std::lrint(b(o) / (s * x_scale))));
            q.scale.push_back(s * x_scale);
        }
        return q;
    }
    int8_network(const network& n, const batch& x) {
        x_scale = x.cwiseAbs().maxCoeff() / 127;
        h_scale = ((x * n.w1).rowwise() + n.b1).cwiseMax(0.0f).maxCoeff() / 127;
        first = quantized(n.w1, n.b1, x_scale);
        second = quantized(n.w2, n.b2, h_scale);
    }
    int8_network(std::istream& in) {
        in.read(reinterpret_cast<char*>(&x_scale), sizeof x_scale);
        in.read(reinterpret_cast<char*>(&h_scale), sizeof h_scale);
        for (int8_layer* l : {&first, &second}) {
            get(in, l->w);
            get(in, l->b);
            get(in, l->scale);
        }
        if (!in) throw std::runtime_error("the file is damaged");
    }
    void save(std::ostream& out) const {
        out.write(reinterpret_cast<const char*>(&x_scale), sizeof x_scale);
        out.write(reinterpret_cast<const char*>(&h_scale), sizeof h_scale);
        for (const int8_layer* l : {&first, &second}) {
            put(out, l->w);
            put(out, l->b);
            put(out, l->scale);
        }
    }
    int predict(const float* x) const {
        std::array<std::int8_t, 27> q{};
        for (std::size_t i = 0; i < q.size(); ++i)
            q[i] = static_cast<std::int8_t>(std::clamp(std::lrint(x[i] / x_scale), -127l, 127l));
        std::array<std::int8_t, hidden> h{};
        for (std::size_t o = 0; o < h.size(); ++o) {
            std::int32_t sum = first.b[o];
            for (std::size_t i = 0; i < q.size(); ++i) sum += q[i] * first.w[o * q.size() + i];
            h[o] = static_cast<std::int8_t>(std::clamp(std::lrint(sum * first.scale[o] / h_scale), 0l, 127l));
        }
        int best = 0;
        double most = -1e300;
        for (std::size_t o = 0; o < classes; ++o) {
            std::int32_t sum = second.b[o];
            for (std::size_t i = 0; i < h.size(); ++i) sum += h[i] * second.w[o * h.size() + i];
            if (sum * second.scale[o] > most) {
                most = sum * second.scale[o];
                best = static_cast<int>(o);
            }
        }
        return best;
    }

private:
    template <class T>
    static void put(std::ostream& out, const std::vector<T>& v) {
        const std::uint64_t n = v.size();
        out.write(reinterpret_cast<const char*>(&n), sizeof n);
        out.write(reinterpret_cast<const char*>(v.data()), static_cast<std::streamsize>(n * sizeof(T)));
    }
    template <class T>
    static void get(std::istream& in, std::vector<T>& v) {
        std::uint64_t n = 0;
        in.read(reinterpret_cast<char*>(&n), sizeof n);
        if (n > 1000000) throw std::runtime_error("the file is damaged");
        v.resize(n);
        in.read(reinterpret_cast<char*>(v.data()), static_cast<std::streamsize>(n * sizeof(T)));
    }
};

template <class Predict>
void report(const char* name, const batch& x, const std::vector<int>& y, Predict&& predict) {
    std::array<std::array<int, classes>, classes> counts{};
    const auto begin = std::chrono::steady_clock::now();
    for (Index r = 0; r < x.rows(); ++r)
        ++counts[static_cast<std::size_t>(y[static_cast<std::size_t>(r)])]
                [static_cast<std::size_t>(predict(x.row(r)))];
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    double correct = 0, f1 = 0;
    for (std::size_t k = 0; k < classes; ++k) {
        double truth = 0, found = 0;
        for (std::size_t j = 0; j < classes; ++j) {
            truth += counts[k][j];
            found += counts[j][k];
        }
        correct += counts[k][k];
        f1 += truth + found > 0 ? 2 * counts[k][k] / (truth + found) / classes : 0;
    }
    std::cout << name << ": accuracy " << correct / double(x.rows()) << ", f1 " << f1 << ", "
              << took.count() / double(x.rows()) << " ns\n";
}

void write_header(const int8_network& n, const preparation& p, const std::string& path) {
    std::ofstream out(path);
    out.precision(17);
    auto array = [&](const char* type, const char* name, const auto& values) {
        out << "constexpr " << type << ' ' << name << "[] = {";
        for (const auto& v : values) out << +v << ", ";
        out << "};\n";
    };
    out << "#pragma once\n#include <cmath>\nnamespace penguins {\n";
    array("double", "fill", p.fill);
    array("double", "mean", p.mean);
    array("double", "scale", p.scale);
    array("signed char", "w1", n.first.w);
    array("int", "b1", n.first.b);
    array("double", "s1", n.first.scale);
    array("signed char", "w2", n.second.w);
    array("int", "b2", n.second.b);
    array("double", "s2", n.second.scale);
    out << "inline int predict(const double (&x)[5]) {\n    double z[27];\n    /* … as above … */\n    "
           "return 0;\n}\n}\n";
}

} // namespace

int main() {
    const dataset all = read_csv("penguins.csv");
    std::vector<std::size_t> order(all.y.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), std::mt19937(7));
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(order.size() * 7 / 10);
    const dataset training = take(all, {order.begin(), middle}), test = take(all, {middle, order.end()});

    preparation p;
    p.fit(training.x);
    const batch x = p.transform(training.x), test_x = p.transform(test.x);
    const network dense = train(x, training.y, 7);
    network pruned = dense;
    prune(pruned, 0.5);
    const int8_network small(pruned, x);
    report("dense", test_x, test.y, [&](const auto& row) {
        Index k = 0;
        dense.scores(row).row(0).maxCoeff(&k);
        return k;
    });
    report("int8", test_x, test.y, [&](const auto& row) { return small.predict(row.data()); });
    {
        std::ofstream out("penguins.bin", std::ios::binary);
        small.save(out);
    }
    std::ifstream in("penguins.bin", std::ios::binary);
    const int8_network again(in);
    std::cout << species[static_cast<std::size_t>(again.predict(test_x.row(0).data()))] << '\n';
    write_header(again, p, "penguins_by_hand.hpp");
}
