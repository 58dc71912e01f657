#pragma once

// How wrong a prediction is: Losses.

#include <tenon/loss/cross_entropy.hpp>
#include <tenon/loss/squared_error.hpp>
