// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A connection on loopback, both ends of it.
#pragma once

#include "context.hpp"

namespace bench
{

struct tcp_pair
{
    explicit tcp_pair(net::ip::tcp::acceptor& a)
        : client(a.get_executor())
        , server(a.get_executor())
    {
        client.connect(a.local_endpoint());
        a.accept(server);
        client.set_option(net::ip::tcp::no_delay(true));
        server.set_option(net::ip::tcp::no_delay(true));
    }

    net::ip::tcp::socket client;
    net::ip::tcp::socket server;
};

} // namespace bench
