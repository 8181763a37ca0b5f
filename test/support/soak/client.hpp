// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The soak test's clients: each sends a stream of its own and checks every byte of what
// comes back, while it is cancelled, closed, half closed and connected again at random.
#pragma once

#include "common.hpp"

#include <array>
#include <memory>
#include <string>
#include <utility>

namespace test::soak
{

class client : public std::enable_shared_from_this<client>
{
public:
    client(net::io_context& context, counts& c, tcp::endpoint server, unsigned seed)
        : context_(context)
        , counts_(c)
        , server_(server)
        , socket_(net::make_strand(context))
        , dice_(seed)
    {
        ++counts_.clients;
    }

    ~client() { --counts_.clients; }

    void start()
    {
        on_strand([this] { connect(); });
    }

private:
    enum class phase
    {
        connecting,
        talking,
        half_closed, // what comes back is read to its end
        closed
    };

    template <class Function>
    auto handler(Function f)
    {
        return counted(counts_, [self = shared_from_this(),
                                 f = std::move(f)](auto... args) mutable { f(args...); });
    }

    template <class Function>
    void on_strand(Function f)
    {
        net::dispatch(socket_.get_executor(), handler(std::move(f)));
    }

    void connect()
    {
        phase_ = phase::connecting;
        seed_ = dice_.below(256);
        sent_ = received_ = wanted_ = 0;
        ++counts_.connections;
        socket_.async_connect(server_, handler([this](error_code ec) { connected(ec); }));
        if (dice_.below(16) == 0)
            disturb();
    }

    void connected(error_code ec)
    {
        if (phase_ == phase::closed || ec == net::error::operation_aborted)
            return close();
        counts_.expect(!ec);
        if (ec)
            return;
        phase_ = phase::talking;
        wanted_ = 1 + dice_.below(50'000);
        receive();
        send();
    }

    void send()
    {
        if (sent_ == wanted_)
            return;
        std::size_t const n =
            std::min<std::size_t>(wanted_ - sent_, 1 + dice_.below(16'384));
        out_.resize(n);
        for (std::size_t i = 0; i != n; ++i)
            out_[i] = byte_at(seed_, sent_ + i);
        sending_ = true;
        net::async_write(
            socket_, net::buffer(out_),
            net::bind_cancellation_slot(
                send_signal_.slot(),
                handler([this](error_code ec, std::size_t n) { sent(ec, n); })));
    }

    void sent(error_code ec, std::size_t n)
    {
        sending_ = false;
        sent_ += n;
        if (phase_ == phase::closed)
            return close();
        if (ec == net::error::operation_aborted)
            ++counts_.cancelled;
        else if (ec)
            return ended_early(ec); // the receive operation sees it, too
        if (sent_ != wanted_)
            return send();
        if (received_ == wanted_)
            next_round();
    }

    void receive()
    {
        receiving_ = true;
        std::size_t const n = 1 + dice_.below(static_cast<unsigned>(in_.size()));
        socket_.async_receive(
            net::buffer(in_, n),
            net::bind_cancellation_slot(
                receive_signal_.slot(),
                handler([this](error_code ec, std::size_t got) { received(ec, got); })));
        if (dice_.below(16) == 0)
            disturb();
    }

    void received(error_code ec, std::size_t n)
    {
        receiving_ = false;
        for (std::size_t i = 0; i != n; ++i)
            counts_.expect(in_[i] == byte_at(seed_, received_ + i));
        received_ += n;
        counts_.bytes += n;
        if (phase_ == phase::closed)
            return close();
        if (ec == net::error::operation_aborted)
            ++counts_.cancelled; // and nothing is lost
        else if (ec)
        {
            if (phase_ == phase::half_closed && ec == net::error::eof &&
                received_ == sent_)
                return close();
            ended_early(ec);
            return close();
        }
        if (phase_ == phase::talking && received_ == wanted_ && !sending_)
            return next_round();
        receive();
    }

    void ended_early(error_code ec)
    {
        counts_.expect(server_may_close(static_cast<unsigned char>(seed_)));
        counts_.expect(ec == net::error::eof || ec == net::error::connection_reset ||
                       ec == net::error::broken_pipe);
    }

    // Everything has come back.
    void next_round()
    {
        if (counts_.stop || dice_.below(4) == 0)
        {
            phase_ = phase::half_closed;
            ++counts_.half_closes;
            error_code ec;
            socket_.shutdown(tcp::socket::shutdown_send, ec);
        }
        else if (dice_.below(8) == 0)
            return close();
        else
        {
            wanted_ += 1 + dice_.below(50'000);
            send();
        }
        if (!receiving_)
            receive();
    }

    // Does something to the connection soon, by way of any thread.
    void disturb()
    {
        net::post(context_, handler([this, what = dice_.below(8)]
                                    { on_strand([this, what] { disturb(what); }); }));
    }

    void disturb(unsigned what)
    {
        error_code ec;
        if (phase_ == phase::closed)
            return;
        ++counts_.cancels;
        if (what < 3)
            socket_.cancel(ec);
        else if (what < 5)
            receive_signal_.emit(net::cancellation_type::total);
        else if (what < 7)
            send_signal_.emit(net::cancellation_type::terminal);
        else
        {
            ++counts_.closes;
            phase_ = phase::closed;
            socket_.close(ec);
        }
    }

    // Connect again when nothing is pending any more.
    void close()
    {
        phase_ = phase::closed;
        error_code ec;
        socket_.close(ec);
        if (!receiving_ && !sending_ && !counts_.stop)
            connect();
    }

    net::io_context& context_;
    counts& counts_;
    tcp::endpoint server_;
    tcp::socket socket_; // its executor is a strand
    dice dice_;
    phase phase_ = phase::closed;
    unsigned seed_ = 0;
    std::size_t wanted_ = 0, sent_ = 0, received_ = 0;
    bool sending_ = false, receiving_ = false;
    std::string out_;
    std::array<char, 8192> in_;
    net::cancellation_signal send_signal_, receive_signal_;
};

} // namespace test::soak
