// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Files that are open already, for what takes paths.
#pragma once

#include "common.hpp"

#include <string>

namespace file_tools
{

/// A path that leads to what is open as this descriptor, whatever becomes of its name.
inline std::string path_of(int descriptor)
{
    return "/proc/self/fd/" + std::to_string(descriptor);
}

/// The end of a named pipe that is written to, once somebody reads from the other.
net::awaitable<net::stream_file> open_pipe(std::string path);

} // namespace file_tools
