// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A copy that can be gone on with by another run of the program.
#pragma once

#include "common.hpp"

#include <optional>
#include <string>
#include <sys/types.h>

namespace file_tools
{

/// A file under a lasting name, which nobody else has or writes to.
/**
 * Anybody may have put something under that name: a link to a file of his own, or of
 * ours. So what is there is used only if it is a regular file of this user with this name
 * alone, and it is written to by way of its descriptor, whatever becomes of the name. A
 * lock keeps other runs of the program away.
 */
class unfinished_copy
{
public:
    /// Opens it, or creates it. Nothing if it cannot be used.
    static net::awaitable<std::optional<unfinished_copy>> open(std::string path);

    /// The path of the descriptor.
    std::string handle();

    std::uint64_t size();

    /// Gives it these permissions, and the name; throws if that is taken.
    net::awaitable<void> finish(std::string target, ::mode_t mode);

    /// There shall be nothing to go on with.
    void remove();

private:
    unfinished_copy(std::string path, net::random_access_file file)
        : path_(std::move(path))
        , file_(std::move(file))
    {
    }

    bool is_there();

    std::string path_;
    net::random_access_file file_;
};

} // namespace file_tools
