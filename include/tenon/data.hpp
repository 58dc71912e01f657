#pragma once

// Where samples come from: schemas, datasets, files, splits, and what is remembered of them.

#include <tenon/data/csv.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/data/fingerprint.hpp>
#include <tenon/data/profile.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/data/split.hpp>
#include <tenon/data/summary.hpp>
