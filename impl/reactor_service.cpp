// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/reactor_service.hpp>

#include "detail/service/reactor_demux.hpp"

namespace urio::inline URIO_ABI
{

reactor_service::reactor_service(boost::asio::execution_context& context,
                                 const reactor::options& options)
    : detail::service_base<reactor_service>(context)
    , scheduler_(boost::asio::use_service<detail::scheduler>(context))
    , demux_(std::make_unique<detail::reactor_demux>(scheduler_, options))
{
}

reactor_service::~reactor_service() = default;

const reactor::registry& reactor_service::registry() const noexcept
{
    return demux_->registry();
}

std::uint16_t reactor_service::bits_of(reactor::interest i) noexcept
{
    using reactor::event;
    // End of file, hang-up and errors need not be asked for.
    int bits = event::error;
    if (i.is_readable())
        bits |= event::readable | event::read_closed;
    if (i.is_writable())
        bits |= event::writable | event::write_closed;
    if (i.is_priority())
        bits |= event::priority | event::read_closed;
    if (i.is_aio())
        bits |= event::aio;
    if (i.is_lio())
        bits |= event::lio;
    return static_cast<std::uint16_t>(bits);
}

void reactor_service::shutdown()
{
    demux_->shutdown();
}

void reactor_service::notify_fork(boost::asio::execution_context::fork_event event)
{
    demux_->notify_fork(event);
}

} // namespace urio::inline URIO_ABI
