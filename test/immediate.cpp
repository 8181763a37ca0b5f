// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Handlers with an executor for operations that complete at once.

#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#if __has_include(<boost/asio/bind_immediate_executor.hpp>)
#include <boost/asio/bind_immediate_executor.hpp>

namespace
{

using namespace test;
namespace net = urio;

} // namespace

BOOST_DATA_TEST_CASE(invoked_within_the_initiating_function, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    int done = 0;
    auto const immediately = [](auto handler)
    {
        return boost::asio::bind_immediate_executor(boost::asio::system_executor(),
                                                    std::move(handler));
    };
    p.first.async_send(
        net::buffer("x", 1),
        immediately(once([&](error_code ec, std::size_t n) { done += !ec && n == 1; })));
    BOOST_CHECK_EQUAL(done, 1);
    net::ip::tcp::socket closed(c);
    closed.async_receive(
        net::mutable_buffer(),
        immediately(once([&](error_code ec, std::size_t)
                         { done += ec == net::error::bad_descriptor; })));
    BOOST_CHECK_EQUAL(done, 2);
    closed.async_wait(net::ip::tcp::socket::wait_read,
                      immediately(once([&](error_code ec)
                                       { done += ec == net::error::bad_descriptor; })));
    BOOST_CHECK_EQUAL(done, 3);
    // What does not complete at once is posted as ever.
    char byte[1];
    bool received = false;
    p.second.async_receive(
        net::buffer(byte),
        immediately(once([&](error_code ec, std::size_t) { received = !ec; })));
    p.second.async_send(net::buffer("x", 1),
                        once([&](error_code, std::size_t) { ++done; }));
    // A reactor finds that there is something, as Asio's does.
    BOOST_CHECK_EQUAL(received, !on_uring());
    BOOST_CHECK_EQUAL(done, 3); // it has no such executor
    run(c);
    BOOST_CHECK(received);
    BOOST_CHECK_EQUAL(done, 4);
}
#else
BOOST_AUTO_TEST_CASE(not_in_this_version_of_boost)
{
    BOOST_CHECK_LT(BOOST_ASIO_VERSION, 102700);
}
#endif
