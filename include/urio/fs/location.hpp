// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Where a file is: a path, and the directory that it is relative to.
#pragma once

#include <urio/detail/system/unique_descriptor.hpp>

#include <concepts>
#include <fcntl.h>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// std::filesystem::path, boost::filesystem::path and what is like them.
template <class T>
concept path_class = requires(const T& t) {
    { t.native() } -> std::convertible_to<std::string_view>;
};

} // namespace detail

namespace fs
{

/// An open directory, for paths that are relative to it.
/**
 * It stays the same directory when it is renamed. Copies share one descriptor, which is
 * closed with the last of them, and with the last location that was made of them.
 *
 * @par Thread safety
 * Distinct objects: safe. Shared objects: safe for const functions.
 */
class directory
{
public:
    /// The current directory of the process.
    directory() noexcept = default;

    /// Takes the descriptor of a directory over.
    explicit directory(detail::unique_descriptor descriptor)
        : descriptor_(std::make_shared<detail::unique_descriptor>(std::move(descriptor)))
    {
    }

    /// The same. Throws std::bad_alloc; the descriptor is closed then.
    explicit directory(int descriptor) : directory(detail::unique_descriptor(descriptor))
    {
    }

    /// The descriptor; AT_FDCWD for the current directory.
    int native_handle() const noexcept
    {
        return descriptor_ ? descriptor_->get() : AT_FDCWD;
    }

private:
    std::shared_ptr<detail::unique_descriptor> descriptor_;
};

/// Where a file is: a path, and the directory that it is relative to.
/**
 * Whatever names a path converts to it: strings, std::filesystem::path and
 * boost::filesystem::path. Paths that contain a null character name nothing: operations
 * complete with `invalid_argument`.
 * @code
 * urio::fs::async_open(context, "notes.txt", urio::file_base::read_only, token);
 * urio::fs::async_open(context, {root, "notes.txt"}, options, token);
 * @endcode
 */
class location
{
public:
    location(const char* path) : path_(path) {}
    location(std::string path) noexcept : path_(std::move(path)) {}
    location(std::string_view path) : path_(path) {}

    template <detail::path_class Path>
    location(const Path& path) : path_(std::string_view(path.native()))
    {
    }

    /// A path relative to an open directory, unless it is absolute. The directory stays
    /// open as long as the location lasts.
    template <class Path>
        requires std::constructible_from<location, Path>
    location(directory base, Path&& path) : location(std::forward<Path>(path))
    {
        base_ = std::move(base);
    }

    /// The path as it was given.
    const std::string& path() const noexcept { return path_; }
    const directory& base() const noexcept { return base_; }

    /// Whether it is a path to the system, which ends at a null character.
    bool valid() const noexcept { return path_.find('\0') == std::string::npos; }

private:
    directory base_;
    std::string path_;
};

} // namespace fs
} // namespace urio::inline URIO_ABI
