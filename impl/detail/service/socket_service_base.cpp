// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How sockets become an engine's, and cease to be.

#include <urio/detail/service/socket_service_base.hpp>

#include "wait_events.hpp"

#include <urio/detail/loop/loop.hpp>
#include <urio/detail/seam/hand_over.hpp>

#include <fcntl.h>
#include <sys/socket.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

socket_service_base::socket_service_base(boost::asio::execution_context& context)
    : socket_calls(use_engine(context))
    , context_(context)
{
}

void socket_service_base::destroy(base_implementation_type& impl) noexcept
{
    if (!is_open(impl))
        return;
    BOOST_ASIO_HANDLER_OPERATION(
        (context_, "socket", &impl, static_cast<std::uintmax_t>(impl.socket_), "close"));

    error_code ignored;
    // A destructor does not wait for what is unsent, whoever closes the descriptor in the
    // end: it goes out in the background, as with Asio.
    if (impl.state_ & socket_ops::user_set_linger)
    {
        ::linger const off{};
        socket_ops::setsockopt(impl.socket_, impl.state_, SOL_SOCKET, SO_LINGER, &off,
                               sizeof(off), ignored);
        impl.state_ &= static_cast<socket_ops::state_type>(~socket_ops::user_set_linger);
    }
    if (engine_.retire(*impl.object_) == engine::ownership::caller_closes)
    {
        socket_ops::close(impl.socket_, impl.state_, true, ignored);
    }
}

error_code socket_service_base::close(base_implementation_type& impl, error_code& ec)
{
    ec = error_code();
    if (is_open(impl))
    {
        BOOST_ASIO_HANDLER_OPERATION((context_, "socket", &impl,
                                      static_cast<std::uintmax_t>(impl.socket_),
                                      "close"));

        // The descriptor is closed even if close(2) reports an error.
        if (engine_.retire(*impl.object_) == engine::ownership::caller_closes)
            socket_ops::close(impl.socket_, impl.state_, false, ec);
        construct(impl);
    }
    return ec;
}

int socket_service_base::release(base_implementation_type& impl, error_code& ec)
{
    if (!is_open(impl))
    {
        ec = boost::asio::error::bad_descriptor;
        return -1;
    }
    BOOST_ASIO_HANDLER_OPERATION((context_, "socket", &impl,
                                  static_cast<std::uintmax_t>(impl.socket_), "release"));

    engine_.release(*impl.object_, ec);
    if (ec)
        return -1;
    int const descriptor = impl.socket_;
    construct(impl);
    return descriptor;
}

error_code socket_service_base::cancel(base_implementation_type& impl, error_code& ec)
{
    if (!is_open(impl))
    {
        ec = boost::asio::error::bad_descriptor;
        return ec;
    }
    BOOST_ASIO_HANDLER_OPERATION(
        (context_, "socket", &impl, static_cast<std::uintmax_t>(impl.socket_), "cancel"));

    engine_.cancel(*impl.object_);
    ec = error_code();
    return ec;
}

bool socket_service_base::is_valid(wait_type w) noexcept
{
    return events_of_wait(w) != 0;
}

error_code socket_service_base::do_open(base_implementation_type& impl, int family,
                                        int type, int protocol, error_code& ec)
{
    if (is_open(impl))
    {
        ec = boost::asio::error::already_open;
        return ec;
    }
    socket_holder holder(socket_ops::socket(family, type, protocol, ec));
    if (holder.get() == -1)
        return ec;
    attach(impl, type, holder.get(), {});
    holder.release();
    ec = error_code();
    return ec;
}

error_code socket_service_base::do_assign(base_implementation_type& impl, int type,
                                          int descriptor, error_code& ec)
{
    if (is_open(impl))
    {
        ec = boost::asio::error::already_open;
        return ec;
    }
    int const flags = ::fcntl(descriptor, F_GETFL);
    if (flags < 0)
    {
        ec = error_code(errno, boost::asio::error::get_system_category());
        return ec;
    }
    attach(impl, type, descriptor, {.non_blocking = (flags & O_NONBLOCK) != 0});
    impl.state_ |= socket_ops::possible_dup;
    ec = error_code();
    return ec;
}

void socket_service_base::hand_over_to(base_implementation_type& impl,
                                       stock_socket_implementation& target)
{
    target = {-1, 0, nullptr};
    if (impl.socket_ == -1)
        return;
    hand_over(*impl.object_,
              [&](boost::asio::execution_context& context)
              {
                  auto& reactor = boost::asio::use_service<stock_reactor>(context);
                  int const error =
                      reactor.register_descriptor(impl.socket_, target.reactor_data_);
                  throw_error(
                      error_code(error, boost::asio::error::get_system_category()),
                      "move");
              });
    target.socket_ = impl.socket_;
    target.state_ = impl.state_;
    impl = {};
}

void socket_service_base::attach(base_implementation_type& impl, int type, int descriptor,
                                 const descriptor_traits& traits)
{
    impl.object_ = &engine_.open_object(descriptor, traits);
    impl.socket_ = descriptor;
    switch (type)
    {
    case SOCK_STREAM:
        impl.state_ = socket_ops::stream_oriented;
        break;
    case SOCK_DGRAM:
        impl.state_ = socket_ops::datagram_oriented;
        break;
    default:
        impl.state_ = 0;
        break;
    }
}

} // namespace detail
} // namespace urio::inline URIO_ABI
