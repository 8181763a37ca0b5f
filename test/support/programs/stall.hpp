// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A write that cannot complete, and the ways in which it ends: what random programs do as
// one step, because how much fits into a connection is not the same every time.
#pragma once

#include "tracker.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace test::programs
{

template <class Network, class Socket>
class stalled_write
{
    using error_code = boost::system::error_code;

public:
    stalled_write(tracker<Network>& t, Socket& writer, Socket& reader)
        : tracker_(t)
        , writer_(writer)
        , reader_(reader)
        , data_(16 << 20, '\0')
    {
        for (std::size_t i = 0; i != data_.size(); ++i)
            data_[i] = static_cast<char>(i * 31 + i / 253);
    }

    void run(unsigned choice, const std::function<void(const std::string&)>& note)
    {
        // With a concurrency hint of 1, Asio's scheduler does not see in a nested poll()
        // what the handler around it has posted, if there is no other work.
        auto const work = boost::asio::make_work_guard(tracker_.context());
        std::string before = drain_now();
        note("before it " + std::to_string(before.size()) + " bytes, checksum " +
             std::to_string(checksum(before)));
        boost::asio::cancellation_signal signal;
        boost::asio::async_write(writer_, boost::asio::buffer(data_),
                                 boost::asio::bind_cancellation_slot(
                                     signal.slot(), [this](error_code ec, std::size_t n)
                                     { result_.emplace(ec, n); }));
        int const descriptor = writer_.native_handle();
        while (Network::turn(tracker_.context()) != 0 ||
               poll_now(descriptor, POLLOUT) != 0 || unread() == 0)
            ;
        note(result_ ? "does not stall" : "stalls");
        error_code ec;
        switch (choice % 5)
        {
        case 0:
            writer_.cancel(ec);
            break;
        case 1:
            signal.emit(boost::asio::cancellation_type::terminal);
            break;
        case 2:
            writer_.close(ec);
            break;
        case 3:
            reader_.close(ec); // with data unread: a reset
            break;
        default:
            break; // it is read
        }
        if (choice % 5 == 4)
            read_all(note);
        while (!result_)
            Network::turn(tracker_.context());
        note("written: " + show(result_->first) +
             (result_->second == data_.size() ? ", all" : ", in part"));
        if (choice % 5 < 3)
        {
            // What is said to have been written is what arrives.
            writer_.close(ec);
            std::string rest;
            boost::asio::read(reader_, boost::asio::dynamic_buffer(rest), ec);
            bool const right = rest.size() == result_->second && data_.starts_with(rest);
            note("read to the end: " + show(ec) + (right ? ", as written" : ", wrong"));
        }
    }

private:
    std::size_t unread() { return readable_bytes(reader_.native_handle()); }

    std::string drain_now()
    {
        std::string got(unread(), '\0');
        error_code ec;
        boost::asio::read(reader_, boost::asio::buffer(got), ec);
        return got;
    }

    void read_all(const std::function<void(const std::string&)>& note)
    {
        std::string got(data_.size(), '\0');
        bool done = false;
        boost::asio::async_read(reader_, boost::asio::buffer(got),
                                [&](error_code ec, std::size_t n)
                                {
                                    note("read: " + show(ec) + ", " + std::to_string(n) +
                                         (got == data_ ? ", as written" : ", wrong"));
                                    done = true;
                                });
        while (!done)
            Network::turn(tracker_.context());
    }

    tracker<Network>& tracker_;
    Socket& writer_;
    Socket& reader_;
    std::string data_;
    std::optional<std::pair<error_code, std::size_t>> result_;
};

} // namespace test::programs
