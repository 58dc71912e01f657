#pragma once

// A model leaves the process: artifacts that hold the whole pipeline, and generated headers.

#include <tenon/deploy/artifact.hpp>
#include <tenon/deploy/dataset_file.hpp>
#include <tenon/deploy/header.hpp>
