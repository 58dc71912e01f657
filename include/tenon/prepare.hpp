#pragma once

// Clean and scale: Preprocessors.

#include <tenon/prepare/impute.hpp>
#include <tenon/prepare/one_hot.hpp>
#include <tenon/prepare/standardize.hpp>
