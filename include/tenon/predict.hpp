#pragma once

// What a program needs that names a recipe, loads what it fitted to and predicts: specifications and fitted types
// without the bodies that fit them, no Eigen, no threads, no exceptions needed.

#include <tenon/core.hpp>
#include <tenon/data/schema.hpp>

#include <tenon/prepare.hpp>

#include <tenon/features.hpp>

#include <tenon/loss.hpp>

#include <tenon/optim/adam.hpp>
#include <tenon/optim/gradient_descent.hpp>
#include <tenon/optim/penalty.hpp>
#include <tenon/optim/sgd.hpp>

#include <tenon/train/minimize.hpp>

#include <tenon/model/linear_regression.hpp>
#include <tenon/model/logistic_regression.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/model/ridge.hpp>

#include <tenon/compress/prune.hpp>
#include <tenon/compress/quantize.hpp>

#include <tenon/deploy/artifact_read.hpp>
