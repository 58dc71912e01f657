#pragma once

// Checkpoints: a training run in a file, from which it goes on to the same bits as if nothing had interrupted it.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/format/file.hpp>
#include <tenon/format/safetensors.hpp>
#include <tenon/train/checkpoint_traits.hpp>
#include <vector>

namespace tenon::inline v0 {

struct checkpoint_options {
    int every = 1; ///< epochs from one writing to the next; the last epoch of a run is always written
};

namespace detail {

inline constexpr std::string_view checkpoint_version = "1";

/// Throws where the file is of another run, and says in what.
template <class Lazy = void>
void check_traits(const safetensors_view& file, const std::vector<std::string>& traits,
                  const std::string& path) {
    if (file.metadata.empty() || file.metadata[0].first != "checkpoint_version")
        fail<artifact_error>({path, " is no checkpoint of a training run, but another file of tenon's"});
    if (file.metadata[0].second != checkpoint_version)
        fail<fit_error>({path, " is a checkpoint of version ", file.metadata[0].second, ", this tenon reads ",
                         checkpoint_version});
    for (std::size_t i = 0; i + 1 < traits.size(); i += 2) {
        const std::size_t place = 1 + i / 2;
        const bool is_there = place < file.metadata.size() && file.metadata[place].first == traits[i];
        if (is_there && file.metadata[place].second == traits[i + 1]) continue;
        const bool is_hash = traits[i + 1].size() == 64;
        fail<fit_error>({path, " is the checkpoint of another run, which differs in ", traits[i],
                         is_hash || !is_there ? std::string()
                                              : concat({": '", file.metadata[place].second,
                                                        "' in the file, '", traits[i + 1], "' here"}),
                         "; remove the file to begin anew"});
    }
}

/// The file of a run as it is now.
template <class Lazy = void>
std::vector<std::byte> checkpoint_bytes(training_session& session) {
    written_fields<> fields(session);
    std::vector<tensor_info> tensors = std::move(fields.tensors);
    const std::uint8_t ended = session.has_ended ? 1 : 0;
    tensors.push_back({"epochs",
                       "F64",
                       {session.past_epochs(), training_session::columns},
                       std::as_bytes(std::span<const double>(session.past))});
    tensors.push_back({"ended", "U8", {}, std::as_bytes(std::span(&ended, 1))});
    tensor_metadata metadata{{"checkpoint_version", std::string(checkpoint_version)}};
    for (std::size_t i = 0; i + 1 < session.traits.size(); i += 2)
        metadata.emplace_back(session.traits[i], session.traits[i + 1]);
    return write_safetensors(tensors, metadata);
}

/// Puts a run where the file has it.
template <class Lazy = void>
void read_checkpoint(training_session& session, std::span<const std::byte> bytes, const std::string& path,
                     std::span<const std::size_t> counts) {
    const safetensors_view file = read_safetensors(bytes, path);
    check_traits(file, session.traits, path);
    const tensor_info *const epochs = file.find("epochs"), *const ended = file.find("ended");
    constexpr std::size_t columns = training_session::columns;
    if (epochs == nullptr || epochs->dtype != "F64" || epochs->shape.size() != 2 || epochs->shape[0] == 0 ||
        epochs->shape[1] != columns || ended == nullptr || ended->bytes.size() != 1 ||
        file.tensors.size() != counts.size() + 2)
        fail<artifact_error>({path, " has not the tensors of a checkpoint"});
    if (const auto limit = static_cast<std::uint64_t>(session.now.epochs); epochs->shape[0] > limit)
        fail<fit_error>({path, " has gone through ", epochs->shape[0], " epochs, but .epochs is ", limit});
    read_fields<> reader(file, path, counts);
    session.visit_fields(reader);
    session.past.resize(epochs->bytes.size() / sizeof(double));
    std::memcpy(session.past.data(), epochs->bytes.data(), epochs->bytes.size());
    session.has_ended = ended->bytes[0] != std::byte{0};
    session.now = session.past_epoch(session.past_epochs() - 1);
}

} // namespace detail

/// Made by checkpoint(path).
struct checkpoint_callback {
    std::string path;
    checkpoint_options options;

    void operator()(const epoch_result&) const noexcept {}

    /// Begins from the file, if it is there.
    template <class Session>
    void resume(Session& session) const {
        if (options.every < 1) detail::fail<fit_error>({"checkpoint: .every must be 1 or more"});
        std::vector<std::size_t> counts;
        std::vector<std::string> traits = detail::traits_of(session, counts);
        if (session.traits.empty()) session.traits = std::move(traits);
        errno = 0;
        if (detail::open_file(path).file == nullptr && errno == ENOENT) return;
        detail::read_checkpoint(session, read_bytes<artifact_error>(path), path, counts);
    }
    template <class Session>
    void keep(Session& session) const {
        const bool is_last = session.has_ended || session.now.epoch == session.now.epochs;
        if (!is_last && session.now.epoch % options.every != 0) return;
        write_file<fit_error>(path, detail::checkpoint_bytes(session));
    }
};

/// Writes the run to a file after every epoch, or every few, and goes on from that file where it is there:
///
///     minimize(loss, adam(1e-3), {.epochs = 100, .callbacks = {checkpoint("run.tenon", {.every = 5})}})
///
/// A run that was killed and is fitted again, by the same program to the same data, ends with the same bits as one that
/// was not. One that had ended gives its result at once, and with more `.epochs` goes on; one that a callback or
/// `.patience` ended stays ended. What is in the file: parameters, constants of the network, the optimizer's state, the
/// best parameters so far, and how all epochs went, as a safetensors file of which every byte is covered by SHA-256. It is
/// replaced only when the new one is complete.
///
/// Throws fit_error for the file of another recipe, other options, data or another version of tenon, and names the
/// difference (how an optimizer, penalty and loss differ shows in a short trial on a few rows, which calls them some more
/// times); where the file cannot be written; and where the optimizer's state has no `fields`. Throws artifact_error for a
/// file that is damaged. Vectors in the state of an optimizer of one's own keep their size from the first epoch on.
inline checkpoint_callback checkpoint(std::string path, checkpoint_options options = {}) {
    return {std::move(path), options};
}

} // namespace tenon
