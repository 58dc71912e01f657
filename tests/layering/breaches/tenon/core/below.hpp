#pragma once

// Brackets and backslashes before the breach must not shift its line: [[x]; [\ ;
#include <tenon/core/error.hpp>
#include <tenon/model/linear.hpp>
