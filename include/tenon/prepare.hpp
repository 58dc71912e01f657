#pragma once

// Clean and scale: Preprocessors.

#include <tenon/prepare/clip.hpp>
#include <tenon/prepare/group_rare.hpp>
#include <tenon/prepare/hashed_counts.hpp>
#include <tenon/prepare/hashing.hpp>
#include <tenon/prepare/impute.hpp>
#include <tenon/prepare/log1p.hpp>
#include <tenon/prepare/max_abs.hpp>
#include <tenon/prepare/min_max.hpp>
#include <tenon/prepare/missing_indicators.hpp>
#include <tenon/prepare/normalize.hpp>
#include <tenon/prepare/on.hpp>
#include <tenon/prepare/one_hot.hpp>
#include <tenon/prepare/one_hot_drop_first.hpp>
#include <tenon/prepare/ordinal.hpp>
#include <tenon/prepare/quantile_transform.hpp>
#include <tenon/prepare/robust.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/prepare/target_encode.hpp>
#include <tenon/prepare/tf_idf.hpp>
#include <tenon/prepare/yeo_johnson.hpp>
