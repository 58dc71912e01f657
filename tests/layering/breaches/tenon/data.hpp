#pragma once
#include <tenon/tenon.hpp>
