#pragma once

// The loop: fitting recipes, minimizing losses, fine-tuning.

#include <tenon/train/fine_tune.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/fit_chunks.hpp>
#include <tenon/train/minimize.hpp>
#include <tenon/train/train_model.hpp>
