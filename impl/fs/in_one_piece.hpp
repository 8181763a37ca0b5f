// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A completion condition for Asio's composed transfers.
#pragma once

#include <urio/detail/op/buffers.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Asks for all that is missing with each call, where Asio's transfer_all() asks for 64
/// KiB: files that the kernel makes up may have one read for everything only.
struct in_one_piece
{
    std::size_t operator()(const boost::system::error_code& ec,
                           std::size_t) const noexcept
    {
        return ec ? 0 : max_transfer;
    }
};

} // namespace detail
} // namespace urio::inline URIO_ABI
