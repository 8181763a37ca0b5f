// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A connection on which messages go to an echo server and come back.
#pragma once

#include "peer.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <sys/socket.h>

namespace bench
{

class stream_peer
{
public:
    stream_peer(descriptor socket, std::size_t size)
        : socket_(std::move(socket))
        , size_(size)
    {
    }

    int get() const { return socket_.get(); }

    // One more message is to be sent, as soon as there is room.
    void request() { due_ += size_; }

    void send(const content& what)
    {
        while (sent_ != due_)
        {
            auto const size = std::min<std::uint64_t>(due_ - sent_, what.most());
            ::ssize_t const n = ::send(get(), what.at(sent_), size, MSG_NOSIGNAL);
            if (n < 0 && errno == EAGAIN)
                return;
            if (n <= 0)
                fail("send");
            sent_ += static_cast<std::uint64_t>(n);
        }
    }

    // Takes what has come. Returns how many messages are complete that were not before.
    unsigned receive(std::vector<char>& buffer, const content* verify)
    {
        std::uint64_t const before = received_ / size_;
        for (;;)
        {
            ::ssize_t const n = ::recv(get(), buffer.data(), buffer.size(), 0);
            if (n < 0 && errno == EAGAIN)
                break;
            if (n < 0)
                fail("recv");
            if (n == 0)
                throw std::runtime_error("the server has closed a connection");
            auto const got = static_cast<std::size_t>(n);
            if (verify)
                verify->check(buffer.data(), got, received_);
            received_ += got;
            if (got != buffer.size())
                break; // there was no more
        }
        return static_cast<unsigned>(received_ / size_ - before);
    }

private:
    descriptor socket_;
    std::size_t size_;
    std::uint64_t due_ = 0, sent_ = 0, received_ = 0;
};

} // namespace bench
