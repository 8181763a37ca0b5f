// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the user has named, and where it is to be copied to.
#pragma once

#include "common.hpp"
#include "tree.hpp"

#include <string>
#include <vector>

namespace file_tools
{

/// Items that may be copied at once. What comes in a later group may have the same place
/// as something of an earlier one: directories of one name become one.
using root_groups = std::vector<std::vector<item>>;

/// Tells what cannot be copied. Throws if nothing can.
root_groups find_roots(const std::vector<std::string>& sources, std::string target,
                       bool as_named, report& r);

} // namespace file_tools
