#pragma once

// Smaller, same meaning: Pruners, Quantizers, and compress for pipelines that are fitted already.

#include <tenon/compress/compress.hpp>
#include <tenon/compress/prune.hpp>
#include <tenon/compress/quantize.hpp>
