#pragma once

// Arrow tables in and out, through Arrow's C Data and C Stream interfaces: no library is needed, here or there.

#include <tenon/data/arrow_batch.hpp>
#include <tenon/data/arrow_export.hpp>
#include <tenon/data/arrow_import.hpp>
