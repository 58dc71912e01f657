#pragma once

// A fitted pipeline as one file: save, load, inspect.

#include <tenon/deploy/artifact_info.hpp>
#include <tenon/deploy/artifact_read.hpp>
#include <tenon/deploy/artifact_write.hpp>
