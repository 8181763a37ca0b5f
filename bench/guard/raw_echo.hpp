// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The echo of messages on liburing alone: both ends of each connection take turns with a
// transfer there and one back. Socket says what the transfers are.
#pragma once

#include "message.hpp"
#include "raw.hpp"

#include <deque>
#include <memory>

namespace bench
{

template <class Socket>
class raw_end
{
public:
    raw_end(Socket s, raw_ring& ring, bool asks, unsigned chain, std::uint64_t count)
        : socket_(std::move(s))
        , ring_(ring)
        , asks_(asks)
        , chain_(chain)
        , left_(count)
    {
    }

    raw_end(const raw_end&) = delete;

    void begin()
    {
        if (left_ == 0)
            return;
        asks_ ? send() : receive();
    }

    // The transfer under way has ended.
    void go_on(int result)
    {
        auto const n = static_cast<std::size_t>(completed(result, "transfer"));
        if (receiving_ && asks_)
            data_.expect(n, chain_, left_);
        else if (n != sizeof data_.words)
            throw std::runtime_error("a message has been cut");
        // Who asks ends a round by receiving, who answers by sending.
        if (receiving_ == asks_)
        {
            --left_;
            begin();
        }
        else
            receiving_ ? send() : receive();
    }

    bool complete() const { return left_ == 0; }

private:
    void send()
    {
        receiving_ = false;
        if (asks_)
            data_.fill(chain_, left_);
        ::io_uring_sqe* const sqe = ring_.entry();
        socket_.send(sqe, data_);
        ::io_uring_sqe_set_data(sqe, this);
    }

    void receive()
    {
        receiving_ = true;
        ::io_uring_sqe* const sqe = ring_.entry();
        socket_.receive(sqe, data_);
        ::io_uring_sqe_set_data(sqe, this);
    }

    Socket socket_;
    raw_ring& ring_;
    bool asks_;
    bool receiving_ = false;
    unsigned chain_;
    std::uint64_t left_;
    message data_;
};

// make(i) returns the two ends of connection i, the one that asks first.
template <class Socket, class Make>
void raw_echo(const request& r, Make make)
{
    raw_ring ring(raw_work(r));
    std::deque<raw_end<Socket>> ends;
    for (unsigned i = 0; i != guard_depth; ++i)
    {
        auto [client, server] = make();
        ends.emplace_back(std::move(client), ring, true, i, r.share(i));
        ends.emplace_back(std::move(server), ring, false, i, r.share(i)).begin();
    }
    for (std::size_t i = 0; i != ends.size(); i += 2)
        ends[i].begin();
    ring.run([](void* data, int result)
             { static_cast<raw_end<Socket>*>(data)->go_on(result); });
    for (const auto& e : ends)
        if (!e.complete())
            throw std::runtime_error("messages are missing");
}

} // namespace bench
