// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The file types under their usual names.
#pragma once

#include <urio/file/basic_random_access_file.hpp>
#include <urio/file/basic_stream_file.hpp>
#include <urio/file/file_reader.hpp>
#include <urio/file/file_writer.hpp>

namespace urio::inline URIO_ABI
{

/// A stream file with the default executor.
using stream_file = basic_stream_file<>;

/// A random-access file with the default executor.
using random_access_file = basic_random_access_file<>;

/// A reader of files with the default executor.
using file_reader = basic_file_reader<random_access_file>;

/// A writer of files with the default executor.
using file_writer = basic_file_writer<random_access_file>;

} // namespace urio::inline URIO_ABI
