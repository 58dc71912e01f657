#pragma once

// Where samples come from: schemas, datasets, files, splits, and what is remembered of them.

#include <tenon/data/anonymity.hpp>
#include <tenon/data/arrow.hpp>
#include <tenon/data/batches.hpp>
#include <tenon/data/concatenate.hpp>
#include <tenon/data/csv.hpp>
#include <tenon/data/csv_chunks.hpp>
#include <tenon/data/csv_write.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/data/drop.hpp>
#include <tenon/data/expect.hpp>
#include <tenon/data/fingerprint.hpp>
#include <tenon/data/folds.hpp>
#include <tenon/data/idx.hpp>
#include <tenon/data/npy.hpp>
#include <tenon/data/npz.hpp>
#include <tenon/data/profile.hpp>
#include <tenon/data/pseudonym.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/data/split.hpp>
#include <tenon/data/summary.hpp>
#include <tenon/data/svmlight.hpp>
