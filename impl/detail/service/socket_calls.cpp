// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How synchronous calls on sockets find what was started before them under way.

#include <urio/detail/service/socket_calls.hpp>

#include "wait_events.hpp"

#include <poll.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

error_code socket_calls::shutdown(base_implementation_type& impl,
                                  boost::asio::socket_base::shutdown_type what,
                                  error_code& ec)
{
    if (is_open(impl))
        engine_.flush(*impl.object_);
    socket_ops::shutdown(impl.socket_, what, ec);
    return ec;
}

error_code socket_calls::wait(base_implementation_type& impl, wait_type w, error_code& ec)
{
    flush_before(impl, poll_events(w));
    switch (w)
    {
    case wait_type::wait_read:
        socket_ops::poll_read(impl.socket_, impl.state_, -1, ec);
        break;
    case wait_type::wait_write:
        socket_ops::poll_write(impl.socket_, impl.state_, -1, ec);
        break;
    case wait_type::wait_error:
        socket_ops::poll_error(impl.socket_, impl.state_, -1, ec);
        break;
    default:
        ec = boost::asio::error::invalid_argument;
        break;
    }
    return ec;
}

void socket_calls::flush_before(base_implementation_type& impl, short events) noexcept
{
    if (!is_open(impl))
        return;
    engine_.flush(*impl.object_);
    if (!(impl.state_ & socket_ops::user_set_non_blocking) &&
        !is_ready_now(impl.socket_, events))
        engine_.flush();
}

bool socket_calls::has_failed(const base_implementation_type& impl) noexcept
{
    ::pollfd p{impl.socket_, 0, 0}; // these are reported in any case
    return ::poll(&p, 1, 0) > 0;
}

short socket_calls::poll_events(wait_type w) noexcept
{
    return events_of_wait(w);
}

} // namespace detail
} // namespace urio::inline URIO_ABI
