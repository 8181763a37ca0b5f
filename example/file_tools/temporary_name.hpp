// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What an unfinished copy is called: a hidden name beside that of the copy.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace file_tools
{

/// A name that no other has, in this process or in another.
std::string unique_name(const std::string& name);

/// Whether it could be a lasting_name().
bool is_like_lasting(std::string_view name);

/// One that is the same each time, so that a copy which was interrupted is found.
/// Different names have different ones. `taken` are those files of the same directory
/// that are like that themselves.
std::string lasting_name(const std::string& name, const std::set<std::string>& taken);

} // namespace file_tools
