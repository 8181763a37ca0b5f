// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/chain.hpp>

#include "entry.hpp"

#include <cerrno>

namespace urio::inline URIO_ABI
{
namespace event
{

void link_limit::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, -1, &time, 1);
}

int link_limit::settled(int res) const noexcept
{
    return res > 0 ? -ETIME : res;
}

} // namespace event
} // namespace urio::inline URIO_ABI
