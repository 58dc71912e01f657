#pragma once

// How to step: Optimizers and penalties.

#include <tenon/optim/adagrad.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/optim/adamw.hpp>
#include <tenon/optim/amsgrad.hpp>
#include <tenon/optim/average_iterates.hpp>
#include <tenon/optim/chain.hpp>
#include <tenon/optim/cosine.hpp>
#include <tenon/optim/gradient_descent.hpp>
#include <tenon/optim/lbfgs.hpp>
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
