// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The soak test's server: echoes, cancels its own receives now and then, and closes some
// connections when it likes.
#pragma once

#include "common.hpp"

#include <array>
#include <memory>
#include <optional>
#include <utility>

namespace test::soak
{

class session : public std::enable_shared_from_this<session>
{
public:
    session(counts& c, tcp::socket s, unsigned seed)
        : counts_(c)
        , socket_(std::move(s))
        , dice_(seed)
    {
        ++counts_.sessions;
    }

    ~session() { --counts_.sessions; }

    void receive()
    {
        auto const n = 1 + dice_.below(static_cast<unsigned>(data_.size()));
        socket_.async_receive(
            net::buffer(data_, n),
            net::bind_cancellation_slot(
                signal_.slot(),
                counted(counts_, [self = shared_from_this()](error_code ec, std::size_t n)
                        { self->received(ec, n); })));
        if (dice_.below(16) != 0)
            return;
        ++counts_.cancels;
        net::post(socket_.get_executor(),
                  counted(counts_, [self = shared_from_this()]
                          { self->signal_.emit(net::cancellation_type::total); }));
    }

private:
    void received(error_code ec, std::size_t n)
    {
        if (ec == net::error::operation_aborted)
        {
            ++counts_.cancelled;
            return receive();
        }
        if (ec)
        {
            counts_.expect(ec == net::error::eof || ec == net::error::connection_reset);
            return;
        }
        if (!may_close_)
            may_close_ = server_may_close(static_cast<unsigned char>(data_[0]));
        if (*may_close_ && dice_.below(16) == 0)
        {
            ++counts_.closes;
            error_code ignored;
            socket_.close(ignored);
            return;
        }
        net::async_write(socket_, net::buffer(data_, n),
                         counted(counts_,
                                 [self = shared_from_this()](error_code e, std::size_t)
                                 {
                                     if (!e)
                                         return self->receive();
                                     self->counts_.expect(
                                         e == net::error::broken_pipe ||
                                         e == net::error::connection_reset);
                                 }));
    }

    counts& counts_;
    tcp::socket socket_; // its executor is a strand
    dice dice_;
    std::array<char, 4096> data_;
    net::cancellation_signal signal_;
    std::optional<bool> may_close_;
};

class server
{
public:
    server(net::io_context& context, counts& c)
        : context_(context)
        , counts_(c)
        , acceptor_(net::make_strand(context),
                    tcp::endpoint(net::ip::address_v4::loopback(), 0))
    {
        acceptor_.listen(4096);
        accept();
    }

    tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

    void close()
    {
        net::post(acceptor_.get_executor(),
                  counted(counts_, [this] { acceptor_.close(); }));
    }

private:
    void accept()
    {
        acceptor_.async_accept(net::any_io_executor(net::make_strand(context_)),
                               counted(counts_,
                                       [this](error_code ec, tcp::socket s)
                                       {
                                           if (ec == net::error::operation_aborted)
                                               return;
                                           counts_.expect(!ec);
                                           if (!ec)
                                               start(std::move(s));
                                           accept();
                                       }));
    }

    // Everything that a session does is on its strand.
    void start(tcp::socket s)
    {
        auto const ex = s.get_executor();
        auto const p = std::make_shared<session>(counts_, std::move(s), ++number_);
        net::post(ex, counted(counts_, [p] { p->receive(); }));
    }

    net::io_context& context_;
    counts& counts_;
    tcp::acceptor acceptor_;
    unsigned number_ = 0;
};

} // namespace test::soak
