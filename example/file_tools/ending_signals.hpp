// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Signals that end the program, once it has put away what it was at.
#pragma once

#include "common.hpp"

#include <csignal>
#include <functional>
#include <utility>

namespace file_tools
{

class ending_signals
{
public:
    /// `stop` is called at the first of them. The second ends the program at once.
    ending_signals(net::io_context& context, std::function<void()> stop)
        : signals_(context)
        , stop_(std::move(stop))
    {
        for (int const s : {SIGINT, SIGTERM, SIGHUP})
            if (!is_ignored(s))
                signals_.add(s);
    }

    /// Until cancel() it keeps the context from running out of work.
    void wait()
    {
        signals_.async_wait(
            [this](const boost::system::error_code& ec, int number)
            {
                if (ec)
                    return;
                caught_ = number;
                signals_.clear();
                stop_();
            });
    }
    void cancel() { signals_.cancel(); }

    /// The number of the one that came, or 0.
    int caught() const noexcept { return caught_; }

    /// As if it had not been caught.
    void die()
    {
        signals_.clear();
        (void)std::raise(caught_);
    }

private:
    // Such as SIGHUP below nohup(1).
    static bool is_ignored(int number)
    {
        struct ::sigaction now;
        return ::sigaction(number, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
    }

    net::signal_set signals_;
    std::function<void()> stop_;
    int caught_ = 0;
};

} // namespace file_tools
