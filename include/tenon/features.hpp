#pragma once

// Construct features: FeatureExpanders.

#include <tenon/features/polynomial.hpp>
#include <tenon/features/select.hpp>
