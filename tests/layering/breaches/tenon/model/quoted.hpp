#pragma once

#include "linear.hpp"
