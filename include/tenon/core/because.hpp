#pragma once

// Why a program does not compile. Where a verb cannot take its arguments, an overload answers that returns
// refused<a reason from this list>: a type that is never defined, so that g++ and clang both name the reason in their
// first error line, and a requires-expression sees that the call is not valid. (Of a deleted function clang names the
// arguments only in a note.)

#include <cstddef>
#include <tenon/core/fixed_string.hpp>
#include <type_traits>

namespace tenon::inline v0 {

/// The reasons, as types. `nothing` means: no objection.
namespace because {

struct nothing {};

// joining with |
struct the_left_operand_is_not_a_Stage {};
struct the_right_operand_is_not_a_Stage {};
struct this_is_fitted__use_compress_instead_of_the_bar {};
struct a_Preprocessor_must_come_before_the_Model {};
struct only_one_Model_per_pipeline {};
struct a_Model_must_come_before_minimize {};
struct minimize_must_come_right_after_the_Model {};
struct this_Model_has_no_gradient__leave_out_minimize {};
struct a_Model_must_come_before_a_Pruner_or_Quantizer {};
struct a_quantized_Model_cannot_be_changed__put_quantize_last {};
struct the_first_argument_is_not_a_Loss {};
struct the_second_argument_is_not_an_Optimizer {};
struct behind_its_options_minimize_takes_a_Penalty_and_a_Metric {};
struct the_first_argument_is_not_an_Optimizer {};
struct the_second_argument_is_not_a_Schedule {};
struct this_Optimizer_has_no_rate_to_schedule {};
struct the_last_argument_is_not_an_Optimizer {};
struct one_of_the_arguments_does_not_transform_gradients {};
struct this_penalty_takes_proximal_steps__the_Optimizer_needs_reach {};
struct the_Loss_has_weights_for_another_number_of_classes {};

// data and fitting
struct a_stratified_split_needs_class_labels {};
struct the_argument_is_not_a_Dataset {};
struct this_Model_needs_minimize {};
struct a_regression_loss_cannot_fit_class_labels {};
struct a_classification_loss_cannot_fit_real_targets {};
struct a_regression_Model_cannot_fit_class_labels {};
struct a_classification_Model_cannot_fit_real_targets {};
struct a_Model_needs_a_target_but_the_schema_has_none {};
struct this_Loss_cannot_be_called_with_scores_target_and_gradient {};
struct l2_sp_pulls_towards_a_trained_Model__use_it_in_fine_tune {};
struct a_network_over_columns_of_unknown_number_begins_with_dense {};
struct the_last_layer_must_have_one_output_for_each_number_or_class_of_the_target {};
template <class Model>
struct this_Model_answers_with_one_number__the_schema_has_several_targets {};
struct this_takes_one_target__the_schema_has_several {};
template <std::size_t Output>
struct the_target_has_no_output_of_this_number__they_count_from_0 {};
struct the_last_layer_of_residual_must_be_as_wide_as_what_comes_in {};
struct one_of_the_arguments_is_neither_a_Layer_nor_an_Activation {};
struct this_Model_has_no_layers_to_quantize {};
struct this_Model_has_no_weights_to_prune {};
struct these_columns_have_no_names__put_select_first {};
template <std::size_t Asked, std::size_t There>
struct this_stage_is_asked_for_more_columns_than_there_are {};
struct the_argument_is_not_a_score_of_columns {};
template <class Score>
struct this_score_does_not_suit_the_target {};
struct target_encode_needs_a_target {};
template <std::size_t Periods, std::size_t Columns>
struct fourier_takes_one_period_or_one_for_each_column {};
struct this_Model_has_no_coefficients_to_select_columns_by {};
struct a_selector_by_a_Model_takes_one_Model_alone {};
struct on_takes_Preprocessors_and_FeatureExpanders_only {};
struct include_tenon_tenon_hpp_to_fit {};

// fitting from chunks
struct the_second_argument_gives_no_chunks__it_needs_next_and_rewind {};
struct a_Pruner_or_Quantizer_needs_all_rows_in_memory__use_compress_on_what_fit_chunks_gives {};
struct a_Metric_needs_the_answers_to_all_rows__leave_it_out_where_rows_come_in_chunks {};
template <class Stage>
struct this_Stage_cannot_be_fitted_in_chunks {};
template <class Stage>
struct this_Stage_keeps_all_values__if_they_fit_write_fit_chunks_of_memory_unbounded {};
template <class Model>
struct this_Model_cannot_be_fitted_in_chunks {};

template <class Stage>
struct this_Stage_cannot_fit_these_columns {};
template <class Model>
struct this_Model_cannot_be_fitted_to_these_columns {};
template <class Compressor>
struct this_Pruner_or_Quantizer_cannot_take_this_Model {};
template <fixed_string Column>
struct a_categorical_column_must_be_encoded_first__put_one_hot_before_this {};
template <fixed_string Column>
struct did_you_mean {};
template <fixed_string Name, class Hint>
struct the_schema_has_no_column {};

// using what is fitted
struct this_pipeline_is_not_fitted__call_fit_first {};
struct the_pipeline_has_no_Model__use_transform {};
struct the_pipeline_has_a_Model__it_predicts {};
struct a_stage_of_this_pipeline_has_no_inverse {};
struct a_regression_has_no_probabilities {};
template <std::size_t Expected, std::size_t Given>
struct the_sample_has_the_wrong_number_of_columns {};
template <std::size_t Width, class Scalar>
struct a_sample_is_a_std_array_or_span_of_this_width_and_scalar {};
struct the_width_is_dynamic__pass_a_span_and_keep_a_workspace {};
struct the_data_have_another_schema_than_the_model {};
template <class Metric>
struct this_Metric_does_not_suit_the_target {};
struct one_of_the_arguments_is_not_a_Metric {};
struct the_first_argument_is_not_fitted__call_fit_first {};
struct only_a_Pruner_or_Quantizer_can_compress {};
struct a_quantized_Model_cannot_be_fine_tuned__fine_tune_the_dense_one {};
struct this_Model_has_no_gradient_to_fine_tune_with {};
struct load_needs_a_fitted_type__write_load_of_fitted_t {};
struct a_Stage_of_this_pipeline_has_no_source_for_write_header {};

} // namespace because

/// What a verb returns where it refuses. Never defined.
template <class Why>
struct refused;

/// Whether a reason is because::nothing.
template <class Why>
inline constexpr bool no_objection = std::is_same_v<Why, because::nothing>;

} // namespace tenon
