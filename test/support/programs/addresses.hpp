// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Addresses for random programs: free ones, and ones where connections end in nothing.
#pragma once

#include "test.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace test::programs
{

/// A listener whose queue is full: who connects to it keeps waiting.
class full_listener
{
public:
    full_listener()
        : listener_(::socket(AF_INET, SOCK_STREAM, 0))
        , filler_(::socket(AF_INET, SOCK_STREAM, 0))
    {
        endpoint_ = {boost::asio::ip::address_v4::loopback(), 0};
        auto length = static_cast<::socklen_t>(endpoint_.size());
        BOOST_REQUIRE_EQUAL(::bind(listener_, endpoint_.data(), length), 0);
        BOOST_REQUIRE_EQUAL(::listen(listener_, 0), 0);
        ::getsockname(listener_, endpoint_.data(), &length);
        BOOST_REQUIRE_EQUAL(::connect(filler_, endpoint_.data(), length), 0);
    }

    full_listener(const full_listener&) = delete;
    full_listener& operator=(const full_listener&) = delete;

    ~full_listener()
    {
        ::close(filler_);
        ::close(listener_);
    }

    const boost::asio::ip::tcp::endpoint& endpoint() const { return endpoint_; }

private:
    int listener_, filler_;
    boost::asio::ip::tcp::endpoint endpoint_;
};

/// A port that is taken, and where nobody listens.
class closed_port
{
public:
    closed_port() : socket_(::socket(AF_INET, SOCK_STREAM, 0))
    {
        endpoint_ = {boost::asio::ip::address_v4::loopback(), 0};
        auto length = static_cast<::socklen_t>(endpoint_.size());
        BOOST_REQUIRE_EQUAL(::bind(socket_, endpoint_.data(), length), 0);
        ::getsockname(socket_, endpoint_.data(), &length);
    }

    closed_port(const closed_port&) = delete;
    closed_port& operator=(const closed_port&) = delete;
    ~closed_port() { ::close(socket_); }

    const boost::asio::ip::tcp::endpoint& endpoint() const { return endpoint_; }

private:
    int socket_;
    boost::asio::ip::tcp::endpoint endpoint_;
};

/// Addresses of a protocol.
template <class Protocol>
struct addresses
{
    using endpoint = typename Protocol::endpoint;
    static constexpr bool is_tcp = std::is_base_of_v<boost::asio::ip::tcp, Protocol>;

    endpoint free_one() const
    {
        if constexpr (is_tcp)
            return {boost::asio::ip::address_v4::loopback(), 0};
        else
        {
            // An abstract name, which leaves no file behind.
            static unsigned count = 0;
            return endpoint(std::string(1, '\0') + "urio-programs-" +
                            std::to_string(::getpid()) + '-' + std::to_string(++count));
        }
    }

    endpoint nobodys() const
    {
        if constexpr (is_tcp)
            return closed.endpoint();
        else
            return free_one();
    }

    closed_port closed;
    full_listener full;
};

} // namespace test::programs
