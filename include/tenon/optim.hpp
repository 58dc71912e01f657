#pragma once

// How to step: Optimizers and penalties.

#include <tenon/optim/adam.hpp>
#include <tenon/optim/gradient_descent.hpp>
#include <tenon/optim/lbfgs.hpp>
#include <tenon/optim/penalty.hpp>
#include <tenon/optim/sgd.hpp>
