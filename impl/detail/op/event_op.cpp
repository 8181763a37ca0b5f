// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/op/event_op.hpp>

#include "../system/liburing.hpp"

namespace urio::inline URIO_ABI
{
namespace detail
{

void check_entry(io_uring_sqe& entry) noexcept
{
    constexpr unsigned not_its_own =
        IOSQE_IO_LINK | IOSQE_IO_HARDLINK | IOSQE_IO_DRAIN | IOSQE_CQE_SKIP_SUCCESS;
    if (entry.flags & not_its_own) [[unlikely]]
    {
        entry.flags &= static_cast<std::uint8_t>(~not_its_own);
        entry.opcode = unstated_opcode; // which no kernel knows: EINVAL
    }
}

} // namespace detail
} // namespace urio::inline URIO_ABI
