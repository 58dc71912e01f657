#pragma once

// What a unit needs that names a recipe and predicts with what it fitted to: specifications and fitted types without the
// bodies that fit them, no Eigen, no exceptions needed. To load an artifact include <tenon/deploy/artifact_read.hpp> too.

#include <tenon/core.hpp>
#include <tenon/data/schema.hpp>

#include <tenon/prepare.hpp>

#include <tenon/features.hpp>

#include <tenon/loss.hpp>

#include <tenon/optim/adagrad.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/optim/adamw.hpp>
#include <tenon/optim/amsgrad.hpp>
#include <tenon/optim/average_iterates.hpp>
#include <tenon/optim/chain.hpp>
#include <tenon/optim/cosine.hpp>
#include <tenon/optim/gradient_descent.hpp>
#include <tenon/optim/lbfgs_steps.hpp>
#include <tenon/optim/nadam.hpp>
#include <tenon/optim/on_plateau.hpp>
#include <tenon/optim/penalty.hpp>
#include <tenon/optim/proximal.hpp>
#include <tenon/optim/rmsprop.hpp>
#include <tenon/optim/schedule.hpp>
#include <tenon/optim/scheduled.hpp>
#include <tenon/optim/sgd.hpp>
#include <tenon/optim/transforms.hpp>

#include <tenon/train/minimize.hpp>

#include <tenon/model/dropout.hpp>
#include <tenon/model/linear_regression.hpp>
#include <tenon/model/logistic_regression.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/model/network.hpp>
#include <tenon/model/normalization.hpp>
#include <tenon/model/residual.hpp>
#include <tenon/model/ridge.hpp>
#include <tenon/model/softmax.hpp>

#include <tenon/compress/prune.hpp>
#include <tenon/compress/quantize.hpp>
