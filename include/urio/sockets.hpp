// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Asio's socket templates with urio's executor as the default. They are aliases,
// so that these are Asio's own types, and template arguments can be deduced.
#pragma once

#include <urio/any_io_executor.hpp>
#include <urio/detail/seam/io_object_impl.hpp>
#include <urio/detail/service/socket_service.hpp>

#include <boost/asio/basic_datagram_socket.hpp>
#include <boost/asio/basic_raw_socket.hpp>
#include <boost/asio/basic_seq_packet_socket.hpp>
#include <boost/asio/basic_socket.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>

namespace urio::inline URIO_ABI
{

template <class Protocol, class Executor = any_io_executor>
using basic_socket = boost::asio::basic_socket<Protocol, Executor>;

template <class Protocol, class Executor = any_io_executor>
using basic_stream_socket = boost::asio::basic_stream_socket<Protocol, Executor>;

template <class Protocol, class Executor = any_io_executor>
using basic_datagram_socket = boost::asio::basic_datagram_socket<Protocol, Executor>;

template <class Protocol, class Executor = any_io_executor>
using basic_seq_packet_socket = boost::asio::basic_seq_packet_socket<Protocol, Executor>;

template <class Protocol, class Executor = any_io_executor>
using basic_raw_socket = boost::asio::basic_raw_socket<Protocol, Executor>;

template <class Protocol, class Executor = any_io_executor>
using basic_socket_acceptor = boost::asio::basic_socket_acceptor<Protocol, Executor>;

namespace detail
{

/// One of Asio's protocol classes, as the base of urio's, which differs in the member
/// types that name sockets. It converts to and from Asio's, of which it is one.
template <class Stock>
class protocol_of : public Stock
{
public:
    using Stock::Stock;
    protocol_of(const Stock& stock) : Stock(stock) {}
};

} // namespace detail
} // namespace urio::inline URIO_ABI
