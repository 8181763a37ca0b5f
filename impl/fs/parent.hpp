// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The directory that a file is in.
#pragma once

#include <urio/fs/location.hpp>

#include <string>

namespace urio::inline URIO_ABI
{
namespace detail
{

inline fs::location parent_of(const fs::location& where)
{
    std::string const& path = where.path();
    auto const slash = path.rfind('/');
    return {where.base(), slash == path.npos ? std::string(".")
                          : slash == 0       ? std::string("/")
                                             : path.substr(0, slash)};
}

} // namespace detail
} // namespace urio::inline URIO_ABI
