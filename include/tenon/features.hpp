#pragma once

// Construct features, choose among them, and condense them: FeatureExpanders and selectors.

#include <tenon/features/bins.hpp>
#include <tenon/features/cut_rules.hpp>
#include <tenon/features/fourier.hpp>
#include <tenon/features/from_coefficients.hpp>
#include <tenon/features/interactions.hpp>
#include <tenon/features/k_best.hpp>
#include <tenon/features/mutual_information.hpp>
#include <tenon/features/nystroem.hpp>
#include <tenon/features/pca.hpp>
#include <tenon/features/polynomial.hpp>
#include <tenon/features/random_fourier_features.hpp>
#include <tenon/features/randomised_pca.hpp>
#include <tenon/features/recursive_elimination.hpp>
#include <tenon/features/scores.hpp>
#include <tenon/features/select.hpp>
#include <tenon/features/spline.hpp>
#include <tenon/features/truncated_svd.hpp>
#include <tenon/features/variance_threshold.hpp>
