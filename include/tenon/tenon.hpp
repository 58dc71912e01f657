#pragma once

// All of tenon, in the order of a model's life. Programs that only predict include <tenon/predict.hpp> instead.

#include <tenon/core.hpp>

#include <tenon/data.hpp>

#include <tenon/prepare.hpp>

#include <tenon/features.hpp>

#include <tenon/loss.hpp>

#include <tenon/optim.hpp>

#include <tenon/model.hpp>

#include <tenon/train.hpp>

#include <tenon/evaluate.hpp>

#include <tenon/compress.hpp>

#include <tenon/deploy.hpp>

#include <tenon/monitor.hpp>
