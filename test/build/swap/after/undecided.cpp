// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What needs a decision; not compiled.
#define BOOST_ASIO_HAS_IO_URING
#include <urio.hpp>
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
using io_service = urio::io_context;
void old(urio::io_context& io_service, boost::asio::yield_context yield);
#endif
using namespace urio;
void older(io_service& service);

template <class Socket>
void decide(urio::any_io_executor executor)
{
    static_assert(std::is_same_v<Socket, urio::ip::tcp::socket>);
    executor.target<net::io_context::executor_type>();
    boost::asio::detail::throw_error(error::eof);
    boost::asio::detail::throw_error(error::eof);
    boost::asio::asio_handler_invoke_deprecated();
    using tcp = net::ip::tcp;
    ip::basic_endpoint<tcp> endpoint;
    net::ip::basic_endpoint<boost::asio::ip::tcp> right;
    boost::asio::spawn(executor, [](auto) {}, boost::asio::chrono::seconds(1));
}
