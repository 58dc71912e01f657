#pragma once

// The loop: fitting recipes, minimizing losses, fine-tuning, learning as rows arrive.

#include <tenon/train/fine_tune.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/fit_chunks.hpp>
#include <tenon/train/history.hpp>
#include <tenon/train/minimize.hpp>
#include <tenon/train/online.hpp>
#include <tenon/train/train_model.hpp>
