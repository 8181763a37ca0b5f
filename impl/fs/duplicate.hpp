// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A descriptor of one's own for a file that the caller may close meanwhile.
#pragma once

#include <urio/detail/system/unique_descriptor.hpp>

#include <boost/system/system_error.hpp>

#include <cerrno>
#include <fcntl.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Throws boost::system::system_error, whose text names the operation.
inline unique_descriptor duplicate(int descriptor, const char* operation)
{
    unique_descriptor d(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
    if (d.get() < 0)
        throw boost::system::system_error(errno, boost::system::system_category(),
                                          operation);
    return d;
}

} // namespace detail
} // namespace urio::inline URIO_ABI
