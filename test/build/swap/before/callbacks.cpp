// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Everything by using-declarations and using-directives.
#include "parts.hpp"

#include <boost/asio.hpp>

#include <array>
#include <memory>

using namespace boost::asio;
using boost::asio::ip::tcp;

namespace
{

struct session
{
    explicit session(io_context& context)
        : acceptor(context, {ip::address_v4::loopback(), 0}), client(context)
    {
    }

    tcp::acceptor acceptor;
    tcp::socket client;
    std::array<char, 4> data{};
};

} // namespace

void callbacks(io_context& context, int& done)
{
    auto s = std::make_shared<session>(context);
    s->acceptor.async_accept(
        [s, &done](boost::system::error_code ec, tcp::socket peer)
        {
            auto held = std::make_shared<tcp::socket>(std::move(peer));
            async_write(*held, buffer("ping", 4),
                        [held, ec, &done](boost::system::error_code failure, std::size_t)
                        { done += !ec && !failure; });
        });
    s->client.async_connect(s->acceptor.local_endpoint(),
                            [s, &done](boost::system::error_code)
                            {
                                async_read(s->client, buffer(s->data),
                                           [s, &done](boost::system::error_code ec,
                                                      std::size_t) { done += !ec; });
                            });
}
