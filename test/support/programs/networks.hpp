// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What programs run on: stock Asio, and urio in each of its modes.
#pragma once

#include "test.hpp"

#include <cstddef>
#include <memory>

namespace test::programs
{

/// A network names the types of one implementation, and has one turn of its loop run
/// whatever is ready. What is the same under all of them (buffers, timers, signals) is
/// used under its name in boost::asio.
struct stock
{
    static constexpr const char* name = "stock Asio";
    using context = boost::asio::io_context;
    using tcp = boost::asio::ip::tcp;
    using udp = boost::asio::ip::udp;
    using unix_stream = boost::asio::local::stream_protocol;

    static std::unique_ptr<context> make_context(mode)
    {
        return std::make_unique<context>();
    }

    static std::size_t turn(context& c)
    {
        c.restart();
        return c.poll();
    }
};

struct on_urio
{
    static constexpr const char* name = "urio";
    using context = mode_context;
    using tcp = urio::ip::tcp;
    using udp = urio::ip::udp;
    using unix_stream = urio::local::stream_protocol;

    static std::unique_ptr<context> make_context(mode m)
    {
        return std::make_unique<context>(m);
    }

    static std::size_t turn(context& c)
    {
        c.restart();
        return c.poll();
    }
};

} // namespace test::programs
