// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Beast's streams, whose executor is a parameter.
#include "parts.hpp"

#include <urio.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>

#include <memory>

namespace bb = boost::beast;
using tcp = net::ip::tcp;
using tcp_stream = boost::beast::basic_stream<urio::ip::tcp, urio::any_io_executor>;
using timed = bb::basic_stream<urio::ip::tcp, urio::any_io_executor>;
using limited = boost::beast::basic_stream<tcp, urio::any_io_executor>;

void beast(net::io_context& context, int& done)
{
    tcp::acceptor acceptor(context, {net::ip::address_v4::loopback(), 0});
    auto client = std::make_shared<timed>(context);
    client->connect(acceptor.local_endpoint());
    auto server = std::make_shared<boost::beast::basic_stream<urio::ip::tcp, urio::any_io_executor>>(acceptor.accept());
    auto third = std::make_shared<limited>(context);
    third->connect(acceptor.local_endpoint());
    tcp_stream fourth(third->get_executor());
    bb::get_lowest_layer(*client).expires_after(std::chrono::seconds(30));
    net::async_write(*client, net::buffer("ping", 4),
                     [client, third, &done](boost::system::error_code ec, std::size_t)
                     { done += !ec; });
    auto data = std::make_shared<std::array<char, 4>>();
    server->async_read_some(net::buffer(*data),
                            [server, data, &done](boost::system::error_code ec,
                                                  std::size_t) { done += !ec; });
}
