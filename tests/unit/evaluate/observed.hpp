// Outcomes written out by hand, and fitted pipelines that need no training, for the tests of this folder.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/evaluate/outcomes.hpp>
#include <tuple>
#include <vector>

namespace tenon_test {

inline tenon::matrix<double> matrix_of(std::initializer_list<std::initializer_list<double>> rows) {
    tenon::matrix<double> all(rows.size(), rows.size() == 0 ? 0 : rows.begin()->size());
    std::size_t r = 0;
    for (const auto& row : rows) {
        std::size_t c = 0;
        for (double v : row) all(r, c++) = v;
        ++r;
    }
    return all;
}

/// Outcomes of a classification, owned.
struct observed_classes {
    std::vector<tenon::class_index> truth;
    std::vector<tenon::class_index> predicted;
    std::vector<std::string> names;
    tenon::matrix<double> probabilities{};

    tenon::outcomes<tenon::classes<tenon::dynamic>> seen() const {
        return {{truth, predicted, probabilities.view(), names.size(), names}};
    }
};

/// Outcomes of a regression, owned.
struct observed_numbers {
    std::vector<double> truth;
    std::vector<double> predicted;

    tenon::outcomes<tenon::real> seen() const { return {truth, predicted}; }
};

/// A fitted model that answers with its first input times `factor`.
struct first_input {
    static constexpr std::string_view name = "first_input";
    static constexpr std::size_t in = 2, outputs = 1;
    using scalar = double;
    using score = double;
    double factor = 1;

    std::size_t inputs() const noexcept { return in; }
    std::size_t width_out() const noexcept { return outputs; }
    void operator()(tenon::row<2> x, tenon::row_out<1> z) const noexcept { z[0] = factor * x[0]; }
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("factor", self.factor);
    }
};

/// A fitted model whose scores are its K inputs, so that rows can say what is answered; dynamic widths.
struct inputs_as_scores {
    static constexpr std::string_view name = "inputs_as_scores";
    static constexpr std::size_t in = tenon::dynamic, outputs = tenon::dynamic;
    using scalar = double;
    using score = double;
    std::size_t width;

    std::size_t inputs() const noexcept { return width; }
    std::size_t width_out() const noexcept { return width; }
    void operator()(tenon::row<tenon::dynamic> x, tenon::row_out<tenon::dynamic> z) const noexcept {
        for (std::size_t k = 0; k < width; ++k) z[k] = x[k];
    }
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("width", self.width);
    }
};

template <class Schema, class Model>
tenon::fitted_pipeline<Schema, Model> pipeline_of(const Model& model, tenon::schema_info info) {
    tenon::training_record record;
    record.schema = std::move(info);
    return {std::tuple<Model>(model), std::move(record)};
}

} // namespace tenon_test
