#pragma once

// What a unit needs that names a recipe and predicts with what it fitted to: specifications and fitted types without the
// bodies that fit them, no Eigen, no exceptions needed. To load an artifact include <tenon/deploy/artifact_read.hpp> too.

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
