#pragma once

// How good a model is: metrics, reports, comparisons.

#include <tenon/evaluate/classification.hpp>
#include <tenon/evaluate/compare.hpp>
#include <tenon/evaluate/confusion.hpp>
#include <tenon/evaluate/evaluate.hpp>
#include <tenon/evaluate/log_loss.hpp>
#include <tenon/evaluate/metric.hpp>
#include <tenon/evaluate/of_output.hpp>
#include <tenon/evaluate/regression.hpp>
#include <tenon/evaluate/report.hpp>
#include <tenon/evaluate/roc_auc.hpp>
