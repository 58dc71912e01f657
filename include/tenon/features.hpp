#pragma once

// Construct features, choose among them, and condense them: FeatureExpanders and selectors.

#include <tenon/features/bins.hpp>
#include <tenon/features/cut_rules.hpp>
#include <tenon/features/interactions.hpp>
#include <tenon/features/k_best.hpp>
#include <tenon/features/pca.hpp>
#include <tenon/features/polynomial.hpp>
#include <tenon/features/scores.hpp>
#include <tenon/features/select.hpp>
#include <tenon/features/spline.hpp>
#include <tenon/features/truncated_svd.hpp>
#include <tenon/features/variance_threshold.hpp>
