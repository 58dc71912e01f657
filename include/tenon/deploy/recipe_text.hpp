#pragma once

// A fitted recipe in words: what each of its stages is called and how wide it is. The artifact stores these texts, and
// loading compares them with the program's own, so that a file of another recipe is refused by name.
//
// What load and save are made of is a template even where nothing varies (`class Lazy = void`): a unit that includes
// these headers and loads nothing is then spared whatever their bodies would instantiate.

#include <cstddef>
#include <span>
#include <string>
#include <tenon/core/error.hpp>
#include <tenon/core/list_of.hpp>
#include <tenon/core/text.hpp>
#include <tenon/core/version.hpp>
#include <tenon/core/widths.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// One fitted stage in words.
struct stage_text {
    std::string name;         ///< "mlp"
    std::string signature;    ///< what its type says beyond the name, as "64 relu float"; often empty
    std::size_t in = dynamic; ///< columns it takes; dynamic where a type alone does not say
    std::size_t out = dynamic;

    std::string title() const { return signature.empty() ? name : name + " " + signature; }
    friend bool operator==(const stage_text&, const stage_text&) = default;
};

namespace detail {

template <class Lazy = void>
std::string library_version() {
    return concat({version_major, ".", version_minor, ".", version_patch});
}

/// What the type F says of a stage.
template <class F>
stage_text text_of_type() {
    stage_text text{std::string(F::name), {}, F::in, dynamic};
    if constexpr (requires { F::signature(); }) text.signature = F::signature();
    if constexpr (requires { F::out; })
        text.out = F::out;
    else
        text.out = F::outputs;
    return text;
}

/// The same with the widths that this stage has.
template <class F>
stage_text text_of(const F& stage) {
    stage_text text = text_of_type<F>();
    if constexpr (requires { stage.width_in(); })
        text.in = stage.width_in();
    else
        text.in = stage.inputs();
    text.out = stage.width_out();
    return text;
}

template <class... F>
std::vector<stage_text> texts_of(const std::tuple<F...>& stages) {
    return std::apply([](const F&... stage) { return list_of<stage_text>(text_of(stage)...); }, stages);
}

template <class Stages>
struct stage_types;
template <class... F>
struct stage_types<std::tuple<F...>> {
    static std::vector<stage_text> texts() { return list_of<stage_text>(text_of_type<F>()...); }
};

/// "stage 3 (polynomial)"
template <class Lazy = void>
std::string stage_place(std::size_t i, const std::string& name) {
    return concat({"stage ", i, " (", name, ")"});
}

template <class Lazy = void>
void check_stage_width(std::size_t program, std::size_t file, const std::string& what) {
    if (program != dynamic && program != file)
        fail<artifact_error>({what, " ", program, " columns in this program, ", file, " in the file"});
}

/// Throws artifact_error that names the first difference between the stages of a program and those of a file.
template <class Lazy = void>
void check_stages(std::span<const stage_text> program, std::span<const stage_text> file,
                  const std::string& source) {
    for (std::size_t i = 0; i < program.size() && i < file.size(); ++i) {
        const auto differ = [&](const std::string& ours, const std::string& theirs) {
            if (ours != theirs)
                fail<artifact_error>(
                    {source, ": stage ", i, " is ", ours, " in this program, ", theirs, " in the file"});
        };
        differ(program[i].name, file[i].name);
        differ(program[i].title(), file[i].title());
    }
    if (program.size() != file.size()) {
        const bool more = program.size() > file.size();
        const std::size_t extra = more ? file.size() : program.size();
        fail<artifact_error>({source, ": this program has ", program.size(), " stages, the file ",
                              file.size(), ": stage ", extra, " (",
                              (more ? program[extra].title() : file[extra].title()), ") is only in ",
                              (more ? "this program" : "the file")});
    }
    for (std::size_t i = 0; i < program.size(); ++i) {
        const std::string place = concat({source, ": ", stage_place(i, program[i].name)});
        check_stage_width(program[i].in, file[i].in, place + " takes");
        check_stage_width(program[i].out, file[i].out, place + " gives");
    }
}

} // namespace detail

} // namespace tenon
