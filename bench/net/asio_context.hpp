// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The library that a server is built on: urio or, with BENCH_STOCK_ASIO, Asio; and its
// context.
#pragma once

#include "../common/library.hpp"
#include "server.hpp"

#include <memory>
#include <string>
#include <vector>

namespace bench
{

#if defined(BENCH_STOCK_ASIO)

inline const std::vector<std::string> modes{""};
inline const std::vector<std::string> styles{"callback", "coroutine"};

inline std::unique_ptr<boost::asio::io_context> make_context(const std::string&,
                                                             int threads)
try
{
    auto context = std::make_unique<boost::asio::io_context>(threads);
    net::ip::tcp::socket sets_the_backend_up(*context, net::ip::tcp::v4());
    return context;
}
catch (const boost::system::system_error& e)
{
    cannot_run(e.what());
}

#else

inline const std::vector<std::string> modes{"shared", "exclusive", "hosted", "epoll",
                                            "poll"};
inline const std::vector<std::string> styles{"callback", "coroutine", "stream",
                                             "multishot"};

inline std::unique_ptr<boost::asio::io_context> make_context(const std::string& mode,
                                                             int threads)
try
{
    if (mode == "hosted")
    {
        auto context = std::make_unique<boost::asio::io_context>(threads);
        // Brings Asio's reactor, which makes it too late for urio's loop.
        boost::asio::steady_timer first(*context);
        if (auto const info = net::backend_of(*context); info.kind != net::backend::uring)
            cannot_run(info.reason);
        return context;
    }
    auto context = std::make_unique<net::io_context>(threads, options_for(mode));
    if (auto const info = net::backend_of(*context); info.kind == net::backend::none)
        cannot_run(info.reason);
    return context;
}
catch (const boost::system::system_error& e)
{
    cannot_run(e.what());
}

#endif

} // namespace bench
