// A training session without a model: a few numbers of every kind, and epochs that change them by rule. What a checkpoint
// makes of a session can be said of it number by number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <tenon/core/error.hpp>
#include <tenon/train/training_session.hpp>
#include <vector>

namespace tenon_test {

class small_session final : public tenon::detail::training_session {
public:
    std::vector<float> weights{1, -2, 3};
    std::vector<double> moments{0.5};      ///< one more after every epoch
    std::vector<std::uint32_t> best{7, 8}; ///< of the best epoch
    std::int64_t steps = 40;
    bool is_secretive = false; ///< has something that it does not show
    double factor = 0.5;       ///< of the weights, from one epoch to the next
    int diverges_in = 0;       ///< this trial epoch; 0: in none
    int tried = 0;
    std::size_t rows_asked = 0;

    void visit_fields(tenon::detail::run_visitor& visitor) override {
        const tenon::detail::run_fields visit(visitor);
        visit("steps", steps);
        visit("parameters", weights);
        visit("moments", moments);
        visit("best steps", best);
        if (is_secretive) visitor.unnamed("the state of somebody");
    }
    double first_loss(std::size_t rows) override {
        rows_asked = rows;
        return loss;
    }
    double try_epoch(std::size_t rows) override {
        rows_asked = rows;
        if (++tried == diverges_in) throw tenon::fit_error("it diverged");
        for (float& w : weights) w *= static_cast<float>(factor);
        moments.push_back(factor);
        best.clear();
        return static_cast<double>(++steps);
    }
    double rate() const override { return 0.1; }

    double loss = 2;
};

} // namespace tenon_test
