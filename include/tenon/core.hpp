#pragma once

// The vocabulary: what components are, how they join, what they become, and the errors and randomness they share.

#include <tenon/core/because.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/random.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/sample.hpp>
#include <tenon/core/stage.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/target.hpp>
#include <tenon/core/version.hpp>
#include <tenon/core/widths.hpp>
