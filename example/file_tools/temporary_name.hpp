// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What an unfinished copy is called.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace file_tools
{

/// Whether it could be the name of an unfinished copy.
bool is_like_temporary(std::string_view name);

/// Where a file's copy is until it is finished: beside it, and the same each time, so
/// that a copy which was interrupted is found. Different names have different ones.
/// `taken` are those files of the same directory that are like that themselves.
std::string temporary_name(const std::string& name, const std::set<std::string>& taken);

} // namespace file_tools
