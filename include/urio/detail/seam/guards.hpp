// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What urio assumes of Asio's insides, asserted, so that an Asio whose insides
// have moved stops the compilation with a message rather than the program with a
// crash.
#pragma once

#include <urio/detail/asio/asio_detail.hpp>
#include <urio/detail/asio/member_access.hpp>
#include <urio/detail/service/socket_service.hpp>
#include <urio/sockets.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <concepts>
#include <type_traits>

#define URIO_ASIO_VERSION_TEXT BOOST_STRINGIZE(BOOST_ASIO_VERSION)

namespace urio::inline URIO_ABI
{
namespace detail
{

using stock_tcp_service = stock_socket_service<boost::asio::ip::tcp>;
using held_by_us = io_object_impl<stock_tcp_service, any_io_executor>;

// 1. The front ends hold io_object_impl<stock service, executor>, and for urio's executor
// that is our specialisation.
static_assert(std::is_same_v<typename held_by_us::service_type,
                             socket_service<boost::asio::ip::tcp>>,
              "urio: io_object_impl of Asio " URIO_ASIO_VERSION_TEXT
              " is no longer specialised for urio's executors");

// What a front end holds, without an error of the compiler's own if it holds nothing.
template <class FrontEnd>
struct guarded : FrontEnd
{
    template <class Self>
    static std::type_identity<decltype(Self::impl_)> held(int);
    template <class Self>
    static void held(...);
};

using guarded_socket =
    guarded<boost::asio::basic_socket<boost::asio::ip::tcp, any_io_executor>>;
static_assert(std::is_same_v<decltype(guarded_socket::held<guarded_socket>(0)),
                             std::type_identity<held_by_us>>,
              "urio: basic_socket of Asio " URIO_ASIO_VERSION_TEXT
              " no longer holds an io_object_impl of its reactive socket service");

// The acceptor's member is private.
using guarded_acceptor =
    boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, any_io_executor>;
URIO_NAME_MEMBER(guarded_acceptor_impl, guarded_acceptor, impl_);
static_assert(std::is_same_v<decltype(member_of(guarded_acceptor_impl{})),
                             held_by_us guarded_acceptor::*>,
              "urio: basic_socket_acceptor of Asio " URIO_ASIO_VERSION_TEXT
              " no longer holds an io_object_impl of its reactive socket service");

static_assert(std::is_same_v<typename stock_tcp_service::native_handle_type,
                             socket_service_base::native_handle_type>,
              "urio: the native handle of a socket is no longer a descriptor");

// 2. Asio's own service still has the interface that its front ends call and ours
// mirrors.
struct guarded_handler
{
    template <class... Args>
    void operator()(Args&&...)
    {
    }
};

template <class Service>
concept socket_service_interface = requires(
    Service& s, const Service& cs, typename Service::implementation_type& i,
    const typename Service::implementation_type& ci, boost::asio::ip::tcp::endpoint& ep,
    const boost::asio::ip::tcp& p, const int& native, boost::system::error_code& ec,
    guarded_handler& h, const boost::asio::any_io_executor& x,
    boost::asio::mutable_buffer mb, boost::asio::const_buffer cb,
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::any_io_executor>&
        peer,
    boost::asio::socket_base::wait_type w, boost::asio::socket_base::shutdown_type sd,
    int flags, boost::asio::socket_base::keep_alive option,
    boost::asio::socket_base::bytes_readable command) {
    s.construct(i);
    s.destroy(i);
    s.move_construct(i, i);
    s.move_assign(i, s, i);
    s.open(i, p, ec);
    s.assign(i, p, native, ec);
    { cs.is_open(ci) } -> std::same_as<bool>;
    s.close(i, ec);
    { s.release(i, ec) } -> std::same_as<int>;
    { s.native_handle(i) } -> std::same_as<int>;
    s.cancel(i, ec);
    cs.at_mark(ci, ec);
    cs.available(ci, ec);
    s.bind(i, ep, ec);
    s.listen(i, 1, ec);
    s.connect(i, ep, ec);
    s.set_option(i, option, ec);
    cs.get_option(ci, option, ec);
    s.io_control(i, command, ec);
    cs.non_blocking(ci);
    s.non_blocking(i, true, ec);
    cs.native_non_blocking(ci);
    s.native_non_blocking(i, true, ec);
    { cs.local_endpoint(ci, ec) } -> std::same_as<boost::asio::ip::tcp::endpoint>;
    { cs.remote_endpoint(ci, ec) } -> std::same_as<boost::asio::ip::tcp::endpoint>;
    s.shutdown(i, sd, ec);
    s.wait(i, w, ec);
    s.async_wait(i, w, h, x);
    s.async_connect(i, ep, h, x);
    { s.send(i, cb, flags, ec) } -> std::same_as<std::size_t>;
    s.async_send(i, cb, flags, h, x);
    { s.receive(i, mb, flags, ec) } -> std::same_as<std::size_t>;
    s.async_receive(i, mb, flags, h, x);
    s.send_to(i, cb, ep, flags, ec);
    s.async_send_to(i, cb, ep, flags, h, x);
    s.receive_from(i, mb, ep, flags, ec);
    s.async_receive_from(i, mb, ep, flags, h, x);
    s.receive_with_flags(i, mb, flags, flags, ec);
    s.async_receive_with_flags(i, mb, flags, flags, h, x);
    s.accept(i, peer, &ep, ec);
    s.async_accept(i, peer, &ep, h, x);
    s.async_move_accept(i, x, &ep, h, x);
};

static_assert(socket_service_interface<stock_tcp_service>,
              "urio: Asio " URIO_ASIO_VERSION_TEXT
              " has changed the interface of its socket service; urio must follow");
static_assert(socket_service_interface<socket_service<boost::asio::ip::tcp>>,
              "urio: urio's socket service lacks a part of the interface of Asio's");

} // namespace detail
} // namespace urio::inline URIO_ABI
