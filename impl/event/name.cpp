// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/name.hpp>

#include "entry.hpp"

namespace urio::inline URIO_ABI
{
namespace detail
{
std::uint64_t user_data_of(const io_uring_sqe& entry) noexcept
{
    return entry.user_data;
}

} // namespace detail

} // namespace urio::inline URIO_ABI
