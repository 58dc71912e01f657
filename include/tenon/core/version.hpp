#pragma once

// The library's version, and the version of the artifact format it writes and reads.

namespace tenon::inline v0 {

inline constexpr int version_major = 0;
inline constexpr int version_minor = 1;
inline constexpr int version_patch = 0;

/// Bumped whenever an artifact written before could be read with another meaning.
inline constexpr int artifact_version = 1;

} // namespace tenon
