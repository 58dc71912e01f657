#pragma once

// Is the model still true? Drift against the reference profile.

#include <tenon/monitor/drift.hpp>
