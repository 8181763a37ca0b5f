// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What needs a decision; not compiled.
#define BOOST_ASIO_HAS_IO_URING
#include "parts.hpp"

#include <boost/mysql.hpp>

namespace boost
{
namespace asio
{
template <class Protocol, class Executor>
class basic_stream_socket;
}
} // namespace boost

namespace boost::asio::ip
{
class tcp;
}

struct registry : net::io_context::service
{
    explicit registry(net::io_context& owner);
};

#if defined(BOOST_ASIO_HAS_FILE)
using boost::asio::io_service;
void old(boost::asio::io_service& io_service, net::yield_context yield);
#endif
using namespace boost::asio;
void older(io_service& service);

template <class Socket>
void decide(boost::asio::any_io_executor executor)
{
    static_assert(std::is_same_v<Socket, boost::asio::ip::tcp::socket>);
    executor.target<net::io_context::executor_type>();
    net::detail::throw_error(error::eof);
    boost::asio::detail::throw_error(error::eof);
    boost::asio::asio_handler_invoke_deprecated();
    using tcp = net::ip::tcp;
    ip::basic_endpoint<tcp> endpoint;
    net::ip::basic_endpoint<net::ip::tcp> right;
    net::spawn(executor, [](auto) {}, net::chrono::seconds(1));
}
