// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A connected pair of TCP sockets, and a peer that is not urio's.
#pragma once

#include "test.hpp"

#include <array>
#include <sys/socket.h>
#include <unistd.h>

namespace test
{

/// Two connected urio sockets on one context.
struct tcp_pair
{
    explicit tcp_pair(boost::asio::io_context& context) : first(context), second(context)
    {
        urio::ip::tcp::acceptor acceptor(context, loopback());
        first.connect(acceptor.local_endpoint());
        acceptor.accept(second);
        first.set_option(urio::ip::tcp::no_delay(true));
        second.set_option(urio::ip::tcp::no_delay(true));
    }

    urio::ip::tcp::socket first;
    urio::ip::tcp::socket second;
};

/// A urio socket whose other end is used with plain system calls.
struct raw_pair
{
    explicit raw_pair(boost::asio::io_context& context) : socket(context)
    {
        tcp_pair pair(context);
        socket = std::move(pair.first);
        peer = pair.second.release();
    }

    raw_pair(const raw_pair&) = delete;
    raw_pair& operator=(const raw_pair&) = delete;

    ~raw_pair() { close_peer(); }

    void close_peer()
    {
        if (peer >= 0)
            ::close(std::exchange(peer, -1));
    }

    void send(const std::string& data) const
    {
        BOOST_REQUIRE_EQUAL(::send(peer, data.data(), data.size(), MSG_NOSIGNAL),
                            static_cast<::ssize_t>(data.size()));
    }

    /// Exactly this much, or until the end.
    std::string receive(std::size_t n) const
    {
        std::string data(n, '\0');
        std::size_t got = 0;
        while (got != n)
        {
            ::ssize_t const r = ::recv(peer, data.data() + got, n - got, 0);
            if (r <= 0)
                break;
            got += static_cast<std::size_t>(r);
        }
        data.resize(got);
        return data;
    }

    urio::ip::tcp::socket socket;
    int peer = -1;
};

} // namespace test
