#pragma once

// What is learned: Models and their solvers.

#include <tenon/model/dense_gradient.hpp>
#include <tenon/model/dropout.hpp>
#include <tenon/model/least_squares.hpp>
#include <tenon/model/linear_regression.hpp>
#include <tenon/model/logistic_regression.hpp>
#include <tenon/model/logistic_solver.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/model/network.hpp>
#include <tenon/model/normalization.hpp>
#include <tenon/model/residual.hpp>
#include <tenon/model/ridge.hpp>
#include <tenon/model/softmax.hpp>
