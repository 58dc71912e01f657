#pragma once

// How wrong a prediction is: Losses.

#include <tenon/loss/absolute_error.hpp>
#include <tenon/loss/cross_entropy.hpp>
#include <tenon/loss/each_output.hpp>
#include <tenon/loss/hinge.hpp>
#include <tenon/loss/huber.hpp>
#include <tenon/loss/poisson.hpp>
#include <tenon/loss/quantile.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/loss/weighted_cross_entropy.hpp>
